package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoOptionsTest {
  @Test
  void read_nothing() {
    assertThat(read("")).isEqualTo(run(5000, false, DemoOptions.Output.TEXT, null));
  }

  @Test
  void read_everything() {
    assertThat(read("--accounts 500 --exit -o json --work-dir w"))
        .isEqualTo(run(500, true, DemoOptions.Output.JSON, Path.of("w")));
    assertThat(read("--accounts=7 --output text --work-dir=w"))
        .isEqualTo(run(7, false, DemoOptions.Output.TEXT, Path.of("w")));
  }

  @Test
  void read_help() {
    assertThat(read("--exit --help")).isInstanceOf(DemoOptions.Reading.Help.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--accounts",
        "--accounts 0",
        "--accounts -1",
        "--accounts 100001",
        "--accounts 1e3",
        "--accounts x",
        "-o",
        "-o xml",
        "--work-dir",
        "--work-dir=",
        "--exit=yes",
        "--verbose",
        "demo"
      })
  void read_whatIsNoneOfIt(String arguments) {
    assertThat(read(arguments)).isInstanceOf(DemoOptions.Reading.Wrong.class);
  }

  private static DemoOptions.Reading read(String arguments) {
    return DemoOptions.read(arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")));
  }

  private static DemoOptions.Reading run(
      int accounts, boolean exit, DemoOptions.Output output, Path folder) {
    return new DemoOptions.Reading.Run(new DemoOptions(accounts, exit, output, folder));
  }
}
