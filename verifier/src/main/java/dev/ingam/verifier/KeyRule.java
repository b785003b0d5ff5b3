package dev.ingam.verifier;

import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.Reason;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.Verdict;
import dev.ingam.wire.VerificationKey;
import org.jspecify.annotations.Nullable;

/// The signature must be that of a live access-token key of the issuer: [RFC 7515 section
/// 5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2), with the algorithm taken from the key
/// and not from the token ([RFC 8725 section
/// 3.1](https://www.rfc-editor.org/rfc/rfc8725#section-3.1)).
final class KeyRule {
  private final KeySource keys;
  private final SignatureCheck signatures;

  KeyRule(KeySource keys, SignatureCheck signatures) {
    this.keys = keys;
    this.signatures = signatures;
  }

  /// What the key rule says of a JWS: why it refuses, if it does, and whether an access-token key
  /// of the issuer, live or not, made the signature.
  record Finding(Verdict.@Nullable Refused refused, boolean signed) {}

  /// Whether the signature of this key alone says who made it: not once it is known to be out.
  boolean standsAlone(String kid) {
    var key = keys.find(kid);
    return key != null && key.purpose() == KeyPurpose.ACCESS_TOKEN && key.state().isPublic();
  }

  Finding find(CompactJws jws) {
    var key = key(jws);
    if (key == null) {
      return new Finding(
          new Verdict.Refused(Reason.UNKNOWN_KEY, "expected the kid of an access-token key"),
          false);
    }
    var signed = signatures.verify(key, jws.signingInput(), jws.signature());
    var refusal = key.state().refusal();
    if (refusal != null) {
      var detail = "the key is " + key.state().wireName();
      return new Finding(new Verdict.Refused(refusal, detail), signed);
    }
    return signed
        ? new Finding(null, true)
        : new Finding(
            new Verdict.Refused(Reason.BAD_SIGNATURE, "expected a signature of the key"), false);
  }

  /// A key of another purpose is no key here, nor is one that the token asks to be used otherwise.
  private @Nullable VerificationKey key(CompactJws jws) {
    var kid = jws.kid();
    var key = kid == null || !VerificationKey.isKid(kid) ? null : keys.find(kid);
    return key != null
            && key.purpose() == KeyPurpose.ACCESS_TOKEN
            && key.algorithm().jose().equals(jws.algorithm())
        ? key
        : null;
  }
}
