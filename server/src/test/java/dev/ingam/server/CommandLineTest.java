package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @Test
  void flags_arePropertiesInBothSpellings() {
    var words =
        List.of(
            "--data-dir",
            "d",
            "--secrets-dir=s",
            "--public-port",
            "1",
            "--internal-port=2",
            "--admin-port",
            "3",
            "--config",
            "c.yml");
    var properties =
        Map.of(
            "ingam.data-dir", "d",
            "ingam.secrets-dir", "s",
            "ingam.public.port", "1",
            "ingam.internal.port", "2",
            "ingam.admin.port", "3");
    assertThat(CommandLine.parse(words)).isEqualTo(new CommandLine.Start(properties, "c.yml"));
  }

  @Test
  void nothing_isAStartWithDefaults() {
    assertThat(CommandLine.parse(List.of())).isEqualTo(new CommandLine.Start(Map.of(), null));
  }

  @Test
  void help_isHelpWhereverItStands() {
    assertThat(CommandLine.parse(List.of("--public-port", "1", "-h")))
        .isEqualTo(new CommandLine.Help());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port 1",
        "data",
        "--data-dir",
        "--data-dir=",
        "--public-port 1 --public-port 2",
        "--config a --config b",
        "--ingam.issuer=x",
        "-Dx=y"
      })
  void words_notUnderstood_areMisuse(String words) {
    assertThat(CommandLine.parse(List.of(words.split(" ")))).isInstanceOf(CommandLine.Misuse.class);
  }
}
