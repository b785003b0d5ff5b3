package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// Writes access tokens. Safe for several threads; keeps the encoded header of the last key, as it
/// is the same for each token until the key is replaced.
public final class TokenWriter {
  private record EncodedHeader(AccessToken.Header header, byte[] ascii) {}

  // Any thread replaces it whole; losing a race costs one more encoding.
  private volatile @Nullable EncodedHeader last;

  /// What is signed: header, dot, payload, in ASCII.
  public byte[] signingInput(AccessToken token) {
    return CompactJws.joined(
        encodedHeader(token.header()), Base64Url.encodeToAscii(payload(token.claims())));
  }

  /// The token: signing input, dot, signature.
  public String complete(byte[] signingInput, byte[] signature) {
    return CompactJws.complete(signingInput, signature);
  }

  private byte[] encodedHeader(AccessToken.Header header) {
    var known = last;
    if (known != null && known.header.equals(header)) {
      return known.ascii;
    }
    var json =
        new JsonWriter()
            .beginObject()
            .member("alg", header.algorithm().jose())
            .member("kid", header.kid())
            .member("typ", AccessToken.TYPE)
            .endObject();
    var ascii = Base64Url.encodeToAscii(json.toBytes());
    last = new EncodedHeader(header, ascii);
    return ascii;
  }

  private static byte[] payload(AccessToken.Claims claims) {
    var json =
        new JsonWriter()
            .beginObject()
            .member("iss", claims.issuer())
            .member("sub", claims.subject())
            .member("aud", claims.audience())
            .member("client_id", claims.clientId())
            .member("iat", claims.issuedAt())
            .member("exp", claims.expiresAt())
            .member("jti", claims.serial().toString());
    if (!claims.scope().isEmpty()) {
      json.member("scope", String.join(" ", claims.scope()));
    }
    if (claims.session() != null) {
      json.member("sid", claims.session());
    }
    if (claims.confirmation() != null) {
      claims.confirmation().writeTo(json);
    }
    return json.endObject().toBytes();
  }
}
