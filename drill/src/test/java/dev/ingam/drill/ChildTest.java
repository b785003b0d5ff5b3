package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.web.DrillException;
import dev.ingam.testkit.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private @TempDir Path folder;

  @Test
  void ask_andAnswer() {
    try (var child = start("while read -r x; do echo \"{\\\"x\\\":\\\"$x\\\"}\"; done")) {
      assertThat(child.ask("one", PATIENCE).text("x")).isEqualTo("one");
      assertThat(child.ask("two", PATIENCE).text("x")).isEqualTo("two");
    }
  }

  @Test
  void close_cutsTheLifeline() {
    var child = start("cat >/dev/null");
    assertThat(child.isAlive()).isTrue();
    child.close();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void ask_aChildThatHasEnded() {
    try (var child = start("echo 'it broke' >&2; exit 1")) {
      assertThatThrownBy(() -> child.answer(PATIENCE))
          .isInstanceOf(DrillException.class)
          .hasMessageContaining("ended by itself")
          .hasMessageContaining("it broke");
    }
  }

  @Test
  void answer_thatNeverComes() {
    try (var child = start("cat >/dev/null")) {
      assertThatThrownBy(() -> child.answer(Duration.ofMillis(10)))
          .isInstanceOf(DrillException.class)
          .hasMessageContaining("no answer from the test within");
    }
  }

  @Test
  void answer_thatIsNoJson() {
    try (var child = start("echo hello; cat >/dev/null")) {
      assertThatThrownBy(() -> child.answer(PATIENCE))
          .isInstanceOf(DrillException.class)
          .hasMessageContaining("from the test, came: hello");
    }
  }

  @Test
  void close_endsAChildThatHangsAndWhatIsBelowIt() {
    var script = "sleep 300 & echo \"{\\\"pid\\\":$!}\"; trap '' TERM; while :; do sleep 1; done";
    var command = List.of("/bin/sh", "-c", script);
    var child = Child.start("test", command, folder.resolve("log"), Duration.ofMillis(200));
    var below = ProcessHandle.of(child.answer(PATIENCE).number("pid")).orElseThrow();
    assertThat(below.isAlive()).isTrue();
    child.close();
    assertThat(child.isAlive()).isFalse();
    Until.isTrue("the process below ended", PATIENCE, () -> !below.isAlive());
  }

  @Test
  void answer_afterTheEnd_isTheEndAgain() {
    try (var child = start("exit 1")) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> child.answer(PATIENCE)).hasMessageContaining("ended by itself");
      }
    }
  }

  private Child start(String script) {
    return Child.start("test", List.of("/bin/sh", "-c", script), folder.resolve("log"));
  }
}
