package dev.ingam.keys.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NewestRowsTest {
  private final NewestRows<String> newest = new NewestRows<>();

  @Test
  void olderRow_isNotAdmitted() {
    assertThat(newest.admit("a", 3, "x")).isTrue();

    assertThat(newest.admit("a", 2, "y")).isFalse();
    assertThat(newest.admit("b", 2, "y")).isTrue();
    assertThat(newest.admit("a", 4, "z")).isTrue();
    assertThat(newest.version("a")).isEqualTo(4);
  }

  @Test
  void sameVersion_isAdmittedWhenItIsTheSameRow() {
    newest.admit("a", 3, "x");

    assertThat(newest.admit("a", 3, "x")).isTrue();
    assertThat(newest.admit("a", 3, "y")).isFalse();
  }

  @Test
  void accepting_remembersNothing() {
    assertThat(newest.accepts("a", 3, "x")).isTrue();

    assertThat(newest.version("a")).isZero();
    assertThat(newest.admit("a", 1, "y")).isTrue();
  }

  @Test
  void rowThatIsGone_isMissing() {
    newest.admit("a", 1, "x");
    newest.admit("b", 1, "x");

    assertThat(newest.missingAmong(List.of("b", "c"))).containsExactly("a");
  }
}
