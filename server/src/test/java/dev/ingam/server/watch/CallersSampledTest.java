package dev.ingam.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallersSampledTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final CallersSampled callers = new CallersSampled(nanos::get);

  private long taken(int asked) {
    return IntStream.range(0, asked).filter(i -> callers.take()).count();
  }

  @Test
  void requests_areBoundedEachSecond() {
    assertThat(taken(1_000)).isEqualTo(CallersSampled.A_SECOND);
    nanos.addAndGet(999_999_999);
    assertThat(taken(10)).isZero();
    nanos.addAndGet(1);
    assertThat(taken(1_000)).isEqualTo(CallersSampled.A_SECOND);
  }
}
