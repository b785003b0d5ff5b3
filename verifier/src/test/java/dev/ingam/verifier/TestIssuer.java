package dev.ingam.verifier;

import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.Confirmation;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenWriter;
import dev.ingam.wire.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Signs whatever a test wants with a key of its own.
final class TestIssuer {
  static final String ISSUER = "https://id.example";
  static final String AUDIENCE = "https://api.example";
  static final Expectation EXPECTED = new Expectation(ISSUER, AUDIENCE, false, false);

  private final KeyPair pair = makePair();
  private final TokenWriter writer = new TokenWriter();
  private int slot;

  KeyPair pair() {
    return pair;
  }

  VerificationKey key(KeyState state) {
    return VerificationKey.ours(Algorithm.ES256, pair.getPublic(), KeyPurpose.ACCESS_TOKEN, state);
  }

  String token(long issuedAt, long expiresAt) {
    return token(ISSUER, "u-1001", AUDIENCE, issuedAt, expiresAt);
  }

  String token(String issuer, String subject, String audience, long issuedAt, long expiresAt) {
    return token(issuer, subject, audience, issuedAt, expiresAt, null);
  }

  String bound(@Nullable Confirmation to, long issuedAt, long expiresAt) {
    return token(ISSUER, "u-1001", AUDIENCE, issuedAt, expiresAt, to);
  }

  private String token(
      String issuer,
      String subject,
      String audience,
      long issuedAt,
      long expiresAt,
      @Nullable Confirmation to) {
    var claims =
        new AccessToken.Claims(
            issuer,
            subject,
            audience,
            "web-shop",
            issuedAt,
            expiresAt,
            new Serial(7, ++slot, 42),
            List.of("orders:read"),
            null,
            to);
    var header = new AccessToken.Header(Algorithm.ES256, key(KeyState.ACTIVE).kid());
    var input = writer.signingInput(new AccessToken(header, claims));
    return writer.complete(input, sign(input));
  }

  /// A JWS of whatever header and payload, well signed.
  String jws(String header, String payload) {
    var input =
        Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64Url.encode(payload.getBytes(StandardCharsets.UTF_8));
    return input + "." + Base64Url.encode(sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  byte[] sign(byte[] input) {
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// The same token under a signature that is none.
  static String resigned(String token) {
    var junk = new byte[64];
    junk[0] = 1;
    junk[32] = 1;
    return token.substring(0, token.lastIndexOf('.') + 1) + Base64Url.encode(junk);
  }

  static KeyPair makePair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
