package dev.ingam.verifier;

import dev.ingam.wire.TargetUri;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a token came: what its sender showed beside it.
///
/// @param proof the value of the one header `DPoP`, for a token that came with `Authorization:
///   DPoP`; null for `Bearer`
/// @param method of the request
/// @param uris where the request may have gone: the public addresses of this resource. Configured,
///   never what the request says of its host: whoever relays a token and its proof says that too.
///   None when nobody knows, and no proof is good then
/// @param certificate SHA-256 of the certificate with which the sender came in TLS, in base64url;
///   null when he showed none
public record Presentation(
    @Nullable String proof, String method, Set<TargetUri> uris, @Nullable String certificate) {
  public Presentation {
    uris = Set.copyOf(uris);
  }

  /// `Authorization: Bearer`, and nothing beside it.
  public static Presentation bearer() {
    return new Presentation(null, "", Set.of(), null);
  }

  /// `Authorization: DPoP` with a proof.
  public static Presentation dpop(String proof, String method, Set<TargetUri> uris) {
    return new Presentation(proof, method, uris, null);
  }

  /// The same, in TLS with a certificate of this thumbprint, `x5t#S256`.
  public Presentation withCertificate(@Nullable String thumbprint) {
    return new Presentation(proof, method, uris, thumbprint);
  }

  @Override
  public String toString() {
    return "Presentation[redacted]";
  }
}
