package dev.ingam.drill.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrewTest {
  @Test
  void each_numberOnce() {
    var seen = new ConcurrentLinkedQueue<Integer>();
    try (var crew = new Crew(4)) {
      crew.each(1000, seen::add);
    }
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 1000).boxed().toList());
  }

  @Test
  void each_failsWithTheFailure() {
    try (var crew = new Crew(4)) {
      assertThatThrownBy(() ->
              crew.each(
                  100,
                  number -> {
                    if (number == 50) {
                      throw new DrillException("fifty");
                    }
                  }))
          .isInstanceOf(DrillException.class)
          .hasMessage("fifty");
    }
  }
}
