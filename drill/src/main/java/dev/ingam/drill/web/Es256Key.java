package dev.ingam.drill.web;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// A key of the shop's log-in system: signs compact JWTs with ES256. It lies in a file, there to be
/// stolen.
public record Es256Key(String kid, PrivateKey key, Json jwkSet) {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  public static Es256Key generate(SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      var pair = generator.generateKeyPair();
      var kid = VerificationKey.thumbprint(pair.getPublic());
      var half =
          new VerificationKey(
              kid, Algorithm.ES256, pair.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
      var set = new KeySet(List.of(half)).toJson(false);
      return new Es256Key(kid, pair.getPrivate(), Json.read(set, "a key set of ours"));
    } catch (GeneralSecurityException e) {
      throw new DrillException("this Java makes no P-256 key: " + e.getMessage(), e);
    }
  }

  public static Es256Key ofStored(Json stored) {
    try {
      var pkcs8 = Base64.getUrlDecoder().decode(stored.text("pkcs8"));
      var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return new Es256Key(stored.text("kid"), key, stored.object("jwks"));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new DrillException("not a stored ES256 key: " + e.getMessage(), e);
    }
  }

  /// Both halves.
  public Json stored() {
    return Json.empty()
        .with("kid", kid)
        .with("pkcs8", BASE64URL.encodeToString(key.getEncoded()))
        .with("jwks", jwkSet);
  }

  /// A compact JWS over these claims.
  public String jwt(String type, Json claims) {
    var header = Json.empty().with("alg", "ES256").with("typ", type).with("kid", kid);
    var input =
        BASE64URL.encodeToString(header.bytes()) + "." + BASE64URL.encodeToString(claims.bytes());
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + BASE64URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new DrillException("this Java signs no ES256: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "Es256Key[" + kid + "]";
  }
}
