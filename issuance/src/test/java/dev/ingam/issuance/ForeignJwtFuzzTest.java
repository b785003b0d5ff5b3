package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.SignatureCheck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class ForeignJwtFuzzTest {
  private static final SignatureCheck SIGNATURES = new SignatureCheck(null);
  private static final KeySet NO_KEYS = new KeySet(List.of());

  static Stream<byte[]> seeds() {
    return Stream.of(
            "",
            "..",
            jwt("{\"alg\":\"ES256\"}", "{\"iss\":\"web\",\"aud\":[\"x\"],\"exp\":1}"),
            jwt("{\"alg\":\"none\",\"crit\":[\"b64\"]}", "{}"),
            jwt("{\"alg\":\"EdDSA\",\"kid\":7}", "{\"aud\":\"x\"}"),
            jwt("{\"typ\":\"AT+JWT\"}", "{}"))
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String jwt(String header, String claims) {
    return encoded(header) + "." + encoded(claims) + ".AAAA";
  }

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Whatever comes is none, or one that asks for nothing special; and no key signed it.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var jwt = ForeignJwt.read(text);
    if (jwt == null) {
      return;
    }
    var jws = CompactJws.read(text);
    assertThat(jws).isNotNull();
    assertThat(jws.headerHas("crit")).isFalse();
    assertThat(jws.headerHas("b64")).isFalse();
    assertThat(jwt.isSignedBy(NO_KEYS, SIGNATURES)).isFalse();
    assertThat(jwt.isOnlyFor(Set.of())).isFalse();
    assertThat(jwt).hasToString("[redacted]");
  }
}
