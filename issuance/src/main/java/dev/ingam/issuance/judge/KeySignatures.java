package dev.ingam.issuance.judge;

import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.SignatureCheck;

/// Which key of this installation signed what: what kept evidence is checked with before anything
/// follows from it again.
public record KeySignatures(Judge.Keys keys, SignatureCheck signatures) {
  boolean knows(String kid) {
    var key = keys.find(kid);
    return key != null && key.purpose() == KeyPurpose.ACCESS_TOKEN;
  }

  /// Whether the access-token key of this id, which is ours, signed this token.
  boolean bears(String kid, String token) {
    var key = keys.find(kid);
    var jws = CompactJws.read(token);
    return key != null
        && key.purpose() == KeyPurpose.ACCESS_TOKEN
        && jws != null
        && signatures.proves(key, jws.signingInput(), jws.signature());
  }
}
