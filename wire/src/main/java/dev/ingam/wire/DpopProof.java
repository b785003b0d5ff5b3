package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// A DPoP proof ([RFC 9449 section 4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2)): a JWT
/// by which somebody shows, for one request, that he holds a key. Nothing of it is judged here but
/// its form.
///
/// @param key the public key in its header, under its RFC 7638 thumbprint
public record DpopProof(VerificationKey key, Claims claims, CompactJws jws) {
  /// The one `typ` of a proof.
  public static final String TYPE = "dpop+jwt";

  private static final int MAX_TEXT = TargetUri.MAX_LENGTH;
  private static final int MAX_ID = 255;

  /// @param id `jti`, 1 to 255 characters
  /// @param method `htm`
  /// @param uri `htu`, as it came
  /// @param issuedAt `iat`, seconds since 1970
  /// @param tokenHash `ath`; null at the token endpoint
  /// @param nonce that a server gave; null when there is none
  public record Claims(
      String id,
      String method,
      String uri,
      long issuedAt,
      @Nullable String tokenHash,
      @Nullable String nonce) {}

  /// What came of reading a proof: one of both is null.
  record Reading(@Nullable DpopProof proof, @Nullable String problem) {
    private static Reading problem(String problem) {
      return new Reading(null, problem);
    }
  }

  static Reading read(String text) {
    var jws = CompactJws.read(text);
    if (jws == null) {
      return Reading.problem("expected one compact JWS in canonical base64url, at most 8 KiB");
    }
    if (!TYPE.equals(jws.type()) || jws.isExtended()) {
      return Reading.problem("expected typ dpop+jwt, and no crit, b64 or zip");
    }
    var key = key(jws);
    if (key == null) {
      return Reading.problem(
          "expected alg ES256, Ed25519, EdDSA, RS256 or PS256, and in jwk the public key for it");
    }
    var json = jws.claims();
    var claims = json == null ? null : claims(json);
    return claims == null
        ? Reading.problem(
            "expected jti of 1 to 255 characters, htm, htu and a whole iat; ath and nonce as strings")
        : new Reading(new DpopProof(key, claims, jws), null);
  }

  private static @Nullable VerificationKey key(CompactJws jws) {
    var name = jws.algorithm();
    var jwk = jws.header().object("jwk");
    var algorithm = name == null ? null : Algorithm.ofForeign(name);
    if (algorithm == null || jwk == null) {
      return null;
    }
    var key = KeySetReader.publicKey(jwk, algorithm);
    return key == null
        ? null
        : VerificationKey.ours(algorithm, key, KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
  }

  private static @Nullable Claims claims(JsonObject json) {
    var id = json.string("jti");
    var method = json.string("htm");
    var uri = json.string("htu");
    var issuedAt = json.number("iat");
    var hash = json.string("ath");
    var nonce = json.string("nonce");
    if (id == null || method == null || uri == null || issuedAt == null) {
      return null;
    }
    return id.isEmpty()
            || id.length() > MAX_ID
            || uri.length() > MAX_TEXT
            || (hash == null && json.has("ath"))
            || (nonce == null && json.has("nonce"))
        ? null
        : new Claims(id, method, uri, issuedAt, hash, nonce);
  }
}
