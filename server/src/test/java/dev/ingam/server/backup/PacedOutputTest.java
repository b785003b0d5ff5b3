package dev.ingam.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacedOutputTest {
  private static final long MILLISECOND = 1_000_000;
  private static final int IN_A_MILLISECOND = 1_000;

  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private final AtomicLong asked = new AtomicLong();

  /// A clock that comes on by a tenth of a millisecond whenever it is asked.
  private PacedOutput paced() {
    return new PacedOutput(
        taken, IN_A_MILLISECOND * 1_000L, () -> asked.getAndIncrement() * MILLISECOND / 10);
  }

  @Test
  void write_returnsWhenItsBytesAreDue() throws IOException {
    var out = paced();
    out.write(new byte[3 * IN_A_MILLISECOND]);
    assertThat(taken.size()).isEqualTo(3 * IN_A_MILLISECOND);
    assertThat(asked.get()).as("tenths of a millisecond").isBetween(30L, 32L);
  }

  @Test
  void writes_areCountedTogether() throws IOException {
    var out = paced();
    for (int i = 0; i < IN_A_MILLISECOND; i++) {
      out.write(i);
    }
    assertThat(asked.get()).as("single bytes wait for nothing").isEqualTo(1);
    out.write(new byte[IN_A_MILLISECOND]);
    assertThat(asked.get()).isBetween(20L, 22L);
  }

  @Test
  void write_thatIsLate_waitsForNothing() throws IOException {
    var out = paced();
    asked.set(1_000);
    out.write(new byte[IN_A_MILLISECOND]);
    assertThat(asked.get()).isEqualTo(1_001);
  }

  @Test
  void wait_thatIsInterrupted_endsTheBackup() {
    var out = paced();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> out.write(new byte[IN_A_MILLISECOND]))
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
