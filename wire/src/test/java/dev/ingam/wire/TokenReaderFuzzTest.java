package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class TokenReaderFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.concat(TokenVectors.tokens(), TokenVectors.texts().map(TokenReaderFuzzTest::pair))
        .map(seed -> seed.getBytes(StandardCharsets.UTF_8));
  }

  private static String pair(TokenVectors.Text text) {
    return text.header() + "\0" + text.payload();
  }

  /// Whatever is read can be written, and reads the same; whatever is not has a reason.
  ///
  /// Bytes with a zero among them are the JSON of header and payload: behind base64url nearly every
  /// change of a byte would be refused by the first rule.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var token = token(bytes);
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

  private static String token(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return Base64Url.encode(Arrays.copyOf(bytes, i))
            + "."
            + Base64Url.encode(Arrays.copyOfRange(bytes, i + 1, bytes.length))
            + ".AAAA";
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
