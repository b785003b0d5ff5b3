package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class TokenReaderFuzzTest {
  static Stream<byte[]> seeds() {
    return TokenVectors.tokens().map(token -> token.getBytes(StandardCharsets.UTF_8));
  }

  /// Whatever is read can be written, and reads the same; whatever is not has a reason.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var token = new String(bytes, StandardCharsets.UTF_8);
    var reading = new TokenReader().read(token);
    if (reading instanceof TokenReading.Read read) {
      var writer = new TokenWriter();
      var again = writer.complete(writer.signingInput(read.token()), read.jws().signature());
      assertThat(((TokenReading.Read) new TokenReader().read(again)).token())
          .isEqualTo(read.token());
      assertThat(read.jws().digest()).isEqualTo(TokenDigest.ofToken(token));
    } else {
      assertThat(((TokenReading.Unreadable) reading).reason())
          .isIn(Reason.MALFORMED, Reason.WRONG_TYPE);
    }
  }
}
