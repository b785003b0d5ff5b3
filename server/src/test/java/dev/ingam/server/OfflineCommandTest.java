package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineCommandTest {
  private static OfflineCommand parse(String words) {
    return OfflineCommand.parse(words.isEmpty() ? List.of() : List.of(words.split(" ")));
  }

  @Test
  void verify_hasAFileAndAKey() {
    assertThat(parse("verify a.backup --key k --secrets-dir s"))
        .isEqualTo(
            new OfflineCommand.Verify(
                Path.of("a.backup"), Path.of("k"), Map.of("ingam.secrets-dir", "s"), null));
  }

  @Test
  void restore_hasAFileAndFolders() {
    assertThat(parse("restore a.backup --data-dir d --config c"))
        .isEqualTo(
            new OfflineCommand.Restore(
                Path.of("a.backup"), null, Map.of("ingam.data-dir", "d"), "c"));
  }

  @Test
  void recover_mayBeDry() {
    assertThat(parse("recover --data-dir d --dry-run"))
        .isEqualTo(new OfflineCommand.Recover(true, Map.of("ingam.data-dir", "d"), null));
    assertThat(parse("recover")).isEqualTo(new OfflineCommand.Recover(false, Map.of(), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify",
        "restore --data-dir d",
        "restore a --key",
        "restore a --nonsense",
        "recover a",
        "other a"
      })
  void misuse(String words) {
    assertThat(parse(words)).isInstanceOf(OfflineCommand.Misuse.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "restore --help", "verify -h"})
  void help(String words) {
    assertThat(parse(words)).isInstanceOf(OfflineCommand.Help.class);
  }
}
