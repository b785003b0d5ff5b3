package dev.ingam.verifier;

import dev.ingam.wire.TargetUri;
import org.jspecify.annotations.Nullable;

/// How a token came: what its sender showed beside it.
///
/// @param proof the value of the one header `DPoP`, for a token that came with `Authorization:
///   DPoP`; null for `Bearer`
/// @param method of the request
/// @param uri where the request went, as the sender wrote it; null when that is not known
/// @param certificate SHA-256 of the certificate with which the sender came in TLS, in base64url;
///   null when he showed none
public record Presentation(
    @Nullable String proof, String method, @Nullable TargetUri uri, @Nullable String certificate) {
  /// `Authorization: Bearer`, and nothing beside it.
  public static Presentation bearer() {
    return new Presentation(null, "", null, null);
  }

  /// `Authorization: DPoP` with a proof.
  public static Presentation dpop(String proof, String method, @Nullable TargetUri uri) {
    return new Presentation(proof, method, uri, null);
  }

  /// The same, in TLS with a certificate of this thumbprint, `x5t#S256`.
  public Presentation withCertificate(@Nullable String thumbprint) {
    return new Presentation(proof, method, uri, thumbprint);
  }

  @Override
  public String toString() {
    return "Presentation[redacted]";
  }
}
