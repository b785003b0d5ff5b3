package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoResultTest {
  private static final DemoResult.Exposed NONE = new DemoResult.Exposed(10, 0, 0, 0);
  private static final DemoResult.Honest HONEST = new DemoResult.Honest(16, 100, Map.of(), 7);
  private static final DemoResult.Forged FORGED =
      new DemoResult.Forged(
          3, 60, 2, new DemoResult.Forged.ForNobody(2, 2), new DemoResult.Forged.Thief(12, 0));
  private static final DemoResult.Theft PROVEN = new DemoResult.Theft(true, 20, 25, 0, 15);

  @Test
  void problems_none() {
    var result = new DemoResult(10, NONE, HONEST, FORGED, PROVEN, true);
    assertThat(result.problems()).isEmpty();
    assertThat(result.toJson().flag("passed")).isTrue();
  }

  @Test
  void problems_eachNumberThatIsNotAsPromised() {
    var refused = new DemoResult.Honest(16, 100, Map.of("not_issued", 1L), 7);
    var forged =
        new DemoResult.Forged(
            3, 60, 2, new DemoResult.Forged.ForNobody(2, 1), new DemoResult.Forged.Thief(12, 4));
    var result =
        new DemoResult(
            10,
            new DemoResult.Exposed(9, 1, 2, 3),
            refused,
            forged,
            new DemoResult.Theft(false, -1, -1, 5, -1),
            false);
    assertThat(result.problems())
        .hasSize(10)
        .anyMatch(problem -> problem.contains("gate of 2025: expected 10, came 9"))
        .anyMatch(problem -> problem.contains("behind Ingam: expected 0, came 1"))
        .anyMatch(problem -> problem.contains("exchange thief: expected 0, came 2"))
        .anyMatch(problem -> problem.contains("reserve thief: expected 0, came 3"))
        .anyMatch(problem -> problem.contains("{not_issued=1}: expected 0, came 1"))
        .anyMatch(problem -> problem.contains("for nobody, as counted: expected 2, came 1"))
        .anyMatch(problem -> problem.contains("for the exchange thief: expected 0, came 4"))
        .anyMatch(problem -> problem.contains("key that was gone: expected 0, came 5"));
    assertThat(result.toJson().flag("passed")).isFalse();
  }

  @Test
  void problems_noHonestShopper() {
    var nobody = new DemoResult.Honest(0, 0, Map.of(), 1);
    assertThat(new DemoResult(10, NONE, nobody, FORGED, PROVEN, true).problems())
        .containsExactly("no honest shopper was there");
  }

  @Test
  void problems_noHonestTokenAfterTheTheft() {
    var late = new DemoResult.Honest(16, 100, Map.of(), 0);
    assertThat(new DemoResult(10, NONE, late, FORGED, PROVEN, true).problems())
        .containsExactly("no honest token of the stolen key was shown after the key was gone");
  }

  @ParameterizedTest
  @CsvSource({"false, 20, 25", "true, -1, 25", "true, 20, -1"})
  void problems_noProofOrNoSuccessor(boolean proven, long taint, long replaced) {
    var theft = new DemoResult.Theft(proven, taint, replaced, 0, 15);
    assertThat(new DemoResult(10, NONE, HONEST, FORGED, theft, true).problems()).hasSize(1);
  }

  @Test
  void agree_pageByPage() {
    var served = Map.of("a", 3L, "b", 1L);
    assertThat(DemoResult.agree(served, List.of(Map.of("a", 2L), Map.of("a", 1L, "b", 1L))))
        .isTrue();
  }

  @Test
  void agree_notWithOnePageMoreOrLessOrOfAnother() {
    var served = Map.of("a", 2L);
    assertThat(DemoResult.agree(served, List.of(Map.of("a", 1L)))).isFalse();
    assertThat(DemoResult.agree(served, List.of(Map.of("a", 3L)))).isFalse();
    assertThat(DemoResult.agree(served, List.of(Map.of("a", 1L), Map.of("b", 1L)))).isFalse();
    assertThat(DemoResult.agree(Map.of(), List.of(Map.of("a", 1L)))).isFalse();
  }

  @Test
  void story_fitsOnOneScreenAndSaysWhatWentWrong() {
    var good = Story.tell(new DemoResult(10, NONE, HONEST, FORGED, PROVEN, true));
    assertThat(good.lines()).hasSizeLessThan(30).allMatch(line -> line.length() <= 110);
    assertThat(good)
        .contains("page by page: yes", "0 refused. Nobody was logged out")
        .doesNotContain("NOT AS PROMISED");
    var refused = new DemoResult.Honest(16, 100, Map.of("not_issued", 1L), 7);
    var bad = Story.tell(new DemoResult(11, NONE, refused, FORGED, PROVEN, false));
    assertThat(bad)
        .contains("page by page: NO", "NOT AS PROMISED: people exposed")
        .doesNotContain("Nobody was logged out");
  }
}
