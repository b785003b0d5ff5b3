package dev.ingam.wire;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads JWK sets; [KeySet#read] says what it refuses.
final class KeySetReader {
  private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private KeySetReader() {}

  /// One JWK: a key, or why the set is unreadable, or neither when it is to be passed over.
  private record One(@Nullable VerificationKey key, @Nullable String problem) {
    static final One PASSED_OVER = new One(null, null);

    static One problem(String problem) {
      return new One(null, problem);
    }
  }

  static KeySetReading read(byte[] utf8) {
    var json = JsonObject.read(utf8, KeySet.MAX_BYTES);
    if (json == null) {
      return new KeySetReading.Unreadable(
          "expected one JSON object without duplicate members, at most 256 KiB");
    }
    var jwks = json.objects("keys");
    if (jwks == null || jwks.size() > KeySet.MAX_KEYS) {
      return new KeySetReading.Unreadable("expected a list keys of at most 64 objects");
    }
    return read(jwks);
  }

  private static KeySetReading read(List<JsonObject> jwks) {
    var keys = new ArrayList<VerificationKey>(jwks.size());
    var kids = new HashSet<String>();
    for (var jwk : jwks) {
      var one = read(jwk);
      if (one.problem != null) {
        return new KeySetReading.Unreadable(one.problem);
      }
      if (one.key != null) {
        if (!kids.add(one.key.kid())) {
          return new KeySetReading.Unreadable("expected each kid once");
        }
        keys.add(one.key);
      }
    }
    return new KeySetReading.Read(new KeySet(keys));
  }

  private static One read(JsonObject jwk) {
    for (var secret : SECRET) {
      if (jwk.has(secret)) {
        return One.problem("expected public keys alone, came a private or symmetric member");
      }
    }
    var algorithm = algorithm(jwk);
    if (algorithm == null || (jwk.has("use") && !"sig".equals(jwk.string("use")))) {
      return isOurs(jwk) ? One.problem("expected kty, crv, alg and use of ours") : One.PASSED_OVER;
    }
    var key = Jwk.read(algorithm, jwk);
    if (key == null) {
      return One.problem("expected the members of a sound public key for " + algorithm.jose());
    }
    var kid = jwk.string("kid");
    if (kid == null || !VerificationKey.isKid(kid)) {
      return One.problem("expected a kid of 1 to 128 visible ASCII characters");
    }
    var plain = new VerificationKey(kid, algorithm, key, KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    return isOurs(jwk) ? readOurs(jwk, plain) : new One(plain, null);
  }

  /// The key of a single JWK for this algorithm; null when it is of another kind, not sound, or
  /// holds a private or symmetric member.
  static @Nullable PublicKey publicKey(JsonObject jwk, Algorithm algorithm) {
    var implied = implied(jwk);
    boolean ofKind = implied == algorithm || (implied == Algorithm.RS256 && algorithm.isRsa());
    return ofKind && SECRET.stream().noneMatch(jwk::has) ? Jwk.read(algorithm, jwk) : null;
  }

  private static One readOurs(JsonObject jwk, VerificationKey key) {
    var stateName = jwk.string(KeySet.STATE);
    var purposeName = jwk.string(KeySet.PURPOSE);
    var state = stateName == null ? null : KeyState.ofWireName(stateName);
    var purpose = purposeName == null ? null : KeyPurpose.ofWireName(purposeName);
    if (state == null || purpose == null) {
      return One.problem("expected ingam_state and ingam_purpose of the protocol");
    }
    if (!key.kid().equals(VerificationKey.thumbprint(key.key()))) {
      return One.problem("expected the RFC 7638 thumbprint as kid");
    }
    return new One(
        new VerificationKey(key.kid(), key.algorithm(), key.key(), purpose, state), null);
  }

  private static boolean isOurs(JsonObject jwk) {
    return jwk.has(KeySet.STATE) || jwk.has(KeySet.PURPOSE);
  }

  /// The algorithm that the JWK names, or that its kind implies when it names none; null when we do
  /// not know it.
  private static @Nullable Algorithm algorithm(JsonObject jwk) {
    var implied = implied(jwk);
    if (!jwk.has("alg") || implied == null) {
      return implied;
    }
    var name = jwk.string("alg");
    if (implied == Algorithm.ED25519 && "EdDSA".equals(name)) {
      return implied; // RFC 8037's name, which RFC 9864 replaced
    }
    var named = name == null ? null : Algorithm.ofJose(name);
    return named == implied || (implied == Algorithm.RS256 && named == Algorithm.PS256)
        ? named
        : null;
  }

  private static @Nullable Algorithm implied(JsonObject jwk) {
    var type = jwk.string("kty");
    var curve = jwk.string("crv");
    if ("EC".equals(type) && "P-256".equals(curve)) {
      return Algorithm.ES256;
    }
    if ("OKP".equals(type) && "Ed25519".equals(curve)) {
      return Algorithm.ED25519;
    }
    return "RSA".equals(type) ? Algorithm.RS256 : null;
  }
}
