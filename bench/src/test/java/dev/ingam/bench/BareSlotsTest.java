package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareSlotsTest {
  @TempDir private Path folder;

  @Test
  void slot_isEnteredOnceAndRedeemedOnce() throws Exception {
    try (var slots = new BareSlots(folder, 2_000, true)) {
      assertThat(slots.enter(1_999, 7, 8)).isTrue();
      assertThat(slots.enter(1_999, 7, 8)).isFalse();
      slots.entered(2_000);
      assertThat(slots.redeem(1_999, 6)).isFalse();
      assertThat(slots.redeem(1_999, 7)).isTrue();
      assertThat(slots.redeem(1_999, 7)).isFalse();
      assertThat(slots.redeem(1_998, 0)).isFalse();
    }
  }

  @Test
  void shuffle_keepsRowsTogetherAndOrderRepeatable() {
    long[] first = new long[1_000];
    long[] second = new long[1_000];
    long[] again = new long[1_000];
    for (int i = 0; i < first.length; i++) {
      first[i] = i;
      second[i] = -i;
      again[i] = i;
    }
    Shuffle.rows(first, second);
    Shuffle.rows(again);
    assertThat(first).isEqualTo(again).doesNotHaveDuplicates();
    for (int i = 0; i < first.length; i++) {
      assertThat(second[i]).isEqualTo(-first[i]);
    }
  }
}
