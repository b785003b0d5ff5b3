package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @Test
  void median_isTheMiddleOrTheMeanOfTheTwo() {
    assertThat(Numbers.median(9, 1, 5)).isEqualTo(5);
    assertThat(Numbers.median(4, 1, 2, 9)).isEqualTo(3);
    assertThat(Numbers.median(7)).isEqualTo(7);
  }

  @Test
  void median_leavesTheRoundsInOrder() {
    double[] rounds = {3, 1, 2};
    Numbers.median(rounds);
    assertThat(rounds).containsExactly(3, 1, 2);
  }

  @Test
  void median_ofNothing_isRefused() {
    assertThatThrownBy(Numbers::median).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"4000000, '4,000,000'", "1234.56, '1,235'", "42.55, 42.6", "0.756, 0.76", "32, 32"})
  void people_readThousandsAndNoIdleDecimals(double value, String text) {
    assertThat(Numbers.people(value)).isEqualTo(text);
  }
}
