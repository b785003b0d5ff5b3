package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoResultTest {
  private static final DemoResult.Exposed NONE = new DemoResult.Exposed(10, 0, 0, 0);
  private static final DemoResult.Honest HONEST = new DemoResult.Honest(16, 100, Map.of(), 7);
  private static final DemoResult.Forged FORGED =
      new DemoResult.Forged(3, 60, 2, new DemoResult.Forged.ForNobody(2, 2), 12);
  private static final DemoResult.Theft PROVEN = new DemoResult.Theft(true, 20, 25, 30);

  @Test
  void problems_none() {
    var result = new DemoResult(10, NONE, HONEST, FORGED, PROVEN, true);
    assertThat(result.problems()).isEmpty();
    assertThat(result.toJson().flag("passed")).isTrue();
  }

  @Test
  void problems_eachNumberThatIsNotAsPromised() {
    var refused = new DemoResult.Honest(16, 100, Map.of("not_issued", 1L), 7);
    var result =
        new DemoResult(
            10,
            new DemoResult.Exposed(9, 1, 2, 3),
            refused,
            FORGED,
            new DemoResult.Theft(false, -1, -1, -1),
            false);
    assertThat(result.problems())
        .hasSize(7)
        .anyMatch(problem -> problem.contains("gate of 2025: expected 10, came 9"))
        .anyMatch(problem -> problem.contains("behind Ingam: expected 0, came 1"))
        .anyMatch(problem -> problem.contains("exchange thief: expected 0, came 2"))
        .anyMatch(problem -> problem.contains("reserve thief: expected 0, came 3"))
        .anyMatch(problem -> problem.contains("{not_issued=1}: expected 0, came 1"));
    assertThat(result.toJson().flag("passed")).isFalse();
  }

  @Test
  void problems_noHonestShopper() {
    var nobody = new DemoResult.Honest(0, 0, Map.of(), 0);
    assertThat(new DemoResult(10, NONE, nobody, FORGED, PROVEN, true).problems()).hasSize(1);
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
    assertThat(good).contains("page by page: yes").doesNotContain("NOT AS PROMISED");
    var bad = Story.tell(new DemoResult(11, NONE, HONEST, FORGED, PROVEN, false));
    assertThat(bad).contains("page by page: NO").contains("NOT AS PROMISED: people exposed");
  }
}
