package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Timing SHORT = new Timing(1, 0.001, 3, 0.001);

  @Test
  void measure_takesTheSidesInTurns() throws Exception {
    var turns = new ArrayList<String>();
    new Rounds(SHORT, result -> {})
        .measure(operations -> turn(turns, "ours"), operations -> turn(turns, "limit"));
    var changes = new ArrayList<String>();
    for (var turn : turns) {
      if (changes.isEmpty() || !changes.getLast().equals(turn)) {
        changes.add(turn);
      }
    }
    assertThat(changes)
        .containsExactly("limit", "ours", "limit", "ours", "limit", "ours", "limit", "ours");
  }

  @Test
  void measure_handsEveryResultToTheSink() throws Exception {
    var ran = new LongAdder();
    var sunk = new LongAdder();
    new Rounds(SHORT, sunk::add).measure(each -> count(ran), each -> count(ran));
    assertThat(sunk.sum()).isEqualTo(ran.sum()).isPositive();
  }

  @Test
  void rates_showTheSpreadOfTheRounds() {
    var rates = new Rounds.Rates(new double[] {80, 90, 70}, new double[] {100, 100, 100});
    assertThat(rates.oursMedian()).isEqualTo(80);
    assertThat(rates.limitMedian()).isEqualTo(100);
    assertThat(rates.spread()).isEqualTo("rounds 70.0 % to 90.0 %");
  }

  @Test
  void timing_withoutARound_isRefused() {
    assertThatThrownBy(() -> new Timing(1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timing(1, 1, 1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long turn(ArrayList<String> turns, String name) {
    turns.add(name);
    return 0;
  }

  private static long count(LongAdder ran) {
    ran.increment();
    return 1;
  }
}
