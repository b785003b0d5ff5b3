package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  @CsvSource({
    "--accounts, expected a value after --accounts",
    "--accounts 0, came --accounts 0",
    "--accounts -1, came --accounts -1",
    "--accounts 100001, came --accounts 100001",
    "--accounts 1e3, came --accounts 1e3",
    "--accounts=x, came --accounts x",
    "--exit --accounts --exit, came --accounts --exit",
    "-o, expected a value after -o",
    "-o xml, came -o xml",
    "--work-dir, expected a value after --work-dir",
    "--work-dir=, came --work-dir",
    "--exit=yes, came --exit=yes",
    "--verbose, came --verbose",
    "demo, came demo"
  })
  void read_whatIsNoneOfIt(String arguments, String message) {
    assertThat(read(arguments))
        .isInstanceOfSatisfying(
            DemoOptions.Reading.Wrong.class, wrong -> assertThat(wrong.why()).contains(message));
  }

  private static DemoOptions.Reading read(String arguments) {
    return DemoOptions.read(arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")));
  }

  private static DemoOptions.Reading run(
      int accounts, boolean exit, DemoOptions.Output output, Path folder) {
    return new DemoOptions.Reading.Run(new DemoOptions(accounts, exit, output, folder));
  }
}
