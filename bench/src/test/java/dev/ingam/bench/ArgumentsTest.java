package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  @Test
  void subjectAlone_isATableOfFullRounds() {
    assertThat(read("ledger"))
        .isEqualTo(
            new Arguments.Reading.Read(
                new Arguments(
                    Subject.LEDGER,
                    Format.TABLE,
                    false,
                    List.of(1_000_000, 10_000_000),
                    false,
                    null)));
  }

  @Test
  void everyOption_isRead() {
    assertThat(
            read("-o", "json", "all", "--quick", "--tls", "--live", "1000,2000", "--folder", "/x"))
        .isEqualTo(
            new Arguments.Reading.Read(
                new Arguments(
                    Subject.ALL, Format.JSON, true, List.of(1000, 2000), true, Path.of("/x"))));
  }

  @Test
  void value_mayStandBehindAnEqualsSign() {
    assertThat(read("ledger", "--live=2000", "--folder=/x"))
        .isEqualTo(
            new Arguments.Reading.Read(
                new Arguments(
                    Subject.LEDGER, Format.TABLE, false, List.of(2000), false, Path.of("/x"))));
  }

  @Test
  void live_isSortedAndEachOnce() {
    assertThat(read("ledger", "--live", "3000,1000,3000"))
        .isEqualTo(
            new Arguments.Reading.Read(
                new Arguments(
                    Subject.LEDGER, Format.TABLE, false, List.of(1000, 3000), false, null)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', expected what to measure",
    "'--quick', expected what to measure",
    "'speed', came speed",
    "'issue gate', came gate",
    "'issue --fast', expected one of the options below",
    "'issue --quick=yes', came --quick=yes",
    "'issue --folder=', came --folder",
    "'issue -o', expected a value after -o",
    "'issue -o xml', came -o xml",
    "'ledger --tls', expected --tls with issue",
    "'ledger --live 12', came 12",
    "'ledger --live 1000;2000', came 1000;2000",
    "'ledger --live 999999999', came 999999999",
    "'ledger --live 1000\\,', came 1000",
  })
  void nonsense_isRefusedWithWhatWasExpected(String line, String message) {
    var words = line.isEmpty() ? new String[0] : line.replace("\\", "").split(" ");
    assertThat(read(words))
        .isInstanceOfSatisfying(
            Arguments.Reading.Wrong.class, wrong -> assertThat(wrong.message()).contains(message));
  }

  @Test
  void help_winsOverAnythingBehindIt() {
    assertThat(read("issue", "--help", "--nonsense")).isEqualTo(new Arguments.Reading.Help());
  }

  @Test
  void all_runsEachBenchOnce() {
    assertThat(Subject.ALL.each()).doesNotHaveDuplicates().hasSize(Subject.values().length - 1);
    assertThat(Subject.ALL.each()).doesNotContain(Subject.ALL);
  }

  private static Arguments.Reading read(String... words) {
    return Arguments.read(List.of(words));
  }
}
