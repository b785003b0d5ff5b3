package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoakOptionsTest {
  @Test
  void read_nothing() {
    assertThat(read("")).isEqualTo(run(30, 7, false, null));
  }

  @Test
  void read_everything() {
    assertThat(read("--minutes 5 --seed -3 -o json --work-dir w"))
        .isEqualTo(run(5, -3, true, Path.of("w")));
    assertThat(read("--output table")).isEqualTo(run(30, 7, false, null));
  }

  @Test
  void read_help() {
    assertThat(read("--minutes 5 -h")).isInstanceOf(SoakOptions.Reading.Help.class);
  }

  @ParameterizedTest
  @CsvSource({
    "--minutes, came --minutes",
    "--minutes 0, came --minutes 0",
    "--minutes 1441, came --minutes 1441",
    "--minutes 1h, came --minutes 1h",
    "--seed x, came --seed x",
    "-o xml, came -o xml",
    "--accounts 5, came --accounts 5",
  })
  void read_whatIsWrong(String words, String said) {
    assertThat(read(words))
        .isInstanceOfSatisfying(
            SoakOptions.Reading.Wrong.class,
            wrong -> assertThat(wrong.why()).startsWith("expected").contains(said));
  }

  private static SoakOptions.Reading run(int minutes, long seed, boolean json, Path folder) {
    return new SoakOptions.Reading.Run(new SoakOptions(minutes, seed, json, folder));
  }

  private static SoakOptions.Reading read(String words) {
    return SoakOptions.read(words.isEmpty() ? List.of() : List.of(words.split(" ")), 7);
  }
}
