package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LiveHeapTest {
  private static final int HELD = 4 << 20;

  @Test
  void bytes_growByWhatIsHeldAndByNothingElse() {
    LiveHeap.bytes(); // the first count loads what counting needs
    var before = LiveHeap.bytes();
    var held = new byte[HELD];
    var garbage = new byte[HELD].length;
    var after = LiveHeap.bytes();
    assertThat(held.length).isEqualTo(garbage);
    assertThat(after - before).isCloseTo((long) HELD, within(HELD / 8L));
  }

  @Test
  void total_isInTheLastLine() {
    var histogram =
        """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:          1203         110984  [B (java.base@25)
        Total          8062         421096
        """;
    assertThat(LiveHeap.total(histogram)).isEqualTo(421_096);
    assertThatThrownBy(() -> LiveHeap.total("no such command"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("came: no such command");
  }
}
