package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class LedgerStateFuzzTest {
  static Stream<byte[]> seeds() {
    return Vectors.list("ledger-state.json").stream()
        .map(vector -> vector.string("text").getBytes(StandardCharsets.UTF_8));
  }

  /// What is read can be written and reads the same.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    if (LedgerState.read(bytes) instanceof LedgerStateReading.Read read) {
      assertThat(LedgerState.read(read.state().toJson())).isEqualTo(read);
    }
  }
}
