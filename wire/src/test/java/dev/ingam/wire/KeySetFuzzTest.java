package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class KeySetFuzzTest {
  static Stream<byte[]> seeds() {
    return Vectors.list("key-set.json").stream()
        .map(vector -> vector.string("text").getBytes(StandardCharsets.UTF_8));
  }

  /// A set that is read can be written and reads the same, and each of its keys can be used.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    if (!(KeySet.read(bytes) instanceof KeySetReading.Read read)) {
      return;
    }
    var check = new SignatureCheck(null);
    for (var key : read.keySet().keys()) {
      assertThat(check.verify(key, new byte[1], new byte[64])).isFalse();
    }
    var again = (KeySetReading.Read) KeySet.read(read.keySet().toJson(false));
    assertThat(again.keySet().keys())
        .allSatisfy(key -> assertThat(read.keySet().find(key.kid()).key()).isEqualTo(key.key()));
  }
}
