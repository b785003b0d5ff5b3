package dev.ingam.cli;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// A client's private key, with which it proves who it is (private_key_jwt, [RFC
/// 7523](https://www.rfc-editor.org/rfc/rfc7523)).
record ClientKey(PrivateKey key, Algorithm algorithm, @Nullable String kid) {
  private static final int LIFETIME_SECONDS = 60;

  /// A new assertion for the issuer, good for a minute.
  String assertion(String client, String issuer, Clock clock) {
    var id = new byte[16];
    new SecureRandom().nextBytes(id);
    var now = clock.instant().getEpochSecond();
    var header = Json.object().with("alg", algorithm.jose()).with("typ", "JWT").with("kid", kid);
    var claims =
        Json.object()
            .with("iss", client)
            .with("sub", client)
            .with("aud", issuer)
            .with("jti", Base64Url.encode(id))
            .with("iat", new Json.Numeral(Long.toString(now)))
            .with("exp", new Json.Numeral(Long.toString(now + LIFETIME_SECONDS)));
    var input = Base64Url.encode(header.bytes()) + "." + Base64Url.encode(claims.bytes());
    return input + "." + Base64Url.encode(sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  private byte[] sign(byte[] input) {
    try {
      var signature = signature();
      signature.initSign(key);
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new CliException(
          ExitCode.ERROR,
          "Expected to sign with the client's key; it failed: " + e.getMessage(),
          e);
    }
  }

  private Signature signature() throws GeneralSecurityException {
    return switch (algorithm) {
      case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
      case ED25519 -> Signature.getInstance("Ed25519");
      case RS256 -> Signature.getInstance("SHA256withRSA");
      case PS256 -> {
        var signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        yield signature;
      }
    };
  }

  @Override
  public String toString() {
    return "ClientKey[" + algorithm.jose() + " " + kid + " [redacted]]";
  }
}
