package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class SerialFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of("serial.json", "base64url.json")
        .flatMap(file -> Vectors.list(file).stream())
        .map(vector -> vector.string("text").getBytes(StandardCharsets.UTF_8));
  }

  /// One text for each serial, and only 22 characters.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void parse(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    var serial = Serial.parse(text);
    assertThat(serial == null || serial.toString().equals(text)).isTrue();
    var decoded = Base64Url.decode(text);
    assertThat(decoded == null || Base64Url.encode(decoded).equals(text)).isTrue();
  }
}
