package dev.ingam.issuance;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.SignatureCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JWT that somebody else signed: a client's assertion or what the log-in system vouches for. The
/// algorithm is the registered key's, never the header's choice ([RFC 8725 section
/// 3.1](https://www.rfc-editor.org/rfc/rfc8725#section-3.1)).
final class ForeignJwt {
  private final CompactJws jws;
  private final JsonObject claims;

  private ForeignJwt(CompactJws jws, JsonObject claims) {
    this.jws = jws;
    this.claims = claims;
  }

  /// The JWT, unverified; null when the text is none, or an access token, or asks for header
  /// extensions.
  static @Nullable ForeignJwt read(String text) {
    var jws = CompactJws.read(text);
    var claims = jws == null ? null : jws.claims();
    if (jws == null || claims == null || jws.isExtended()) {
      return null;
    }
    var type = jws.type();
    return type != null && type.toLowerCase(java.util.Locale.ROOT).contains("at+jwt")
        ? null
        : new ForeignJwt(jws, claims);
  }

  JsonObject claims() {
    return claims;
  }

  /// Whether one of these keys signed it: the one it names, or any when it names none.
  boolean isSignedBy(KeySet keys, SignatureCheck signatures) {
    var name = jws.algorithm();
    var algorithm = name == null ? null : Algorithm.ofForeign(name);
    var kid = jws.kid();
    if (algorithm == null || (kid == null && jws.headerHas("kid"))) {
      return false;
    }
    for (var key : keys.keys()) {
      if ((kid == null || kid.equals(key.kid()))
          && key.algorithm() == algorithm
          && signatures.verify(key, jws.signingInput(), jws.signature())) {
        return true;
      }
    }
    return false;
  }

  /// Whether it is for one of these and nobody else.
  boolean isOnlyFor(java.util.Set<String> audiences) {
    var one = claims.string("aud");
    var many = claims.strings("aud");
    var audience = one != null || many == null ? one : only(many);
    return audience != null && audiences.contains(audience);
  }

  private static @Nullable String only(List<String> values) {
    return values.size() == 1 ? values.getFirst() : null;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
