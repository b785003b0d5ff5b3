package dev.ingam.wire;

import java.time.Instant;

/// What is signed about the birth of a key: a JWS in compact form ([RFC
/// 7515](https://www.rfc-editor.org/rfc/rfc7515)) whose payload says where and how the key was
/// made, under which policy, and who counts its signatures.
///
/// @param issuer of the tokens that the key signs
/// @param key whose birth it is
/// @param set the key set it was made for
/// @param domain its custody domain
/// @param bornAt in whole seconds
public record BirthCertificate(
    String issuer, VerificationKey key, String set, String domain, Instant bornAt, Making making) {
  /// The `typ` of its header.
  public static final String TYPE = "ingam-birth+jwt";

  /// How it was made.
  ///
  /// @param store `file` or `pkcs11`
  /// @param device what made it
  /// @param extractable whether whoever reaches the store can read the private key
  /// @param countedBy `device` or `process`
  /// @param event the number of its event `key.prepared` in the schema `keys`
  public record Making(
      String store,
      String device,
      boolean extractable,
      String countedBy,
      Periods periods,
      long event) {}

  /// The policy of its set when it was made, in seconds.
  public record Periods(long signFor, long publishAhead, long verifyFor) {}

  /// What is signed, in ASCII.
  ///
  /// @param by the key that signs
  public byte[] signingInput(VerificationKey by) {
    var header =
        new JsonWriter()
            .beginObject()
            .member("alg", by.algorithm().jose())
            .member("kid", by.kid())
            .member("typ", TYPE)
            .endObject();
    return CompactJws.signingInput(header.toBytes(), payload());
  }

  private byte[] payload() {
    var periods = making.periods;
    return new JsonWriter()
        .beginObject()
        .member("iss", issuer)
        .member("sub", key.kid())
        .member("purpose", key.purpose().wireName())
        .member("alg", key.algorithm().jose())
        .member("set", set)
        .member("domain", domain)
        .member("born", bornAt.getEpochSecond())
        .member("store", making.store)
        .member("device", making.device)
        .member("extractable", making.extractable)
        .member("signatures_counted_by", making.countedBy)
        .member("sign_for", periods.signFor)
        .member("publish_ahead", periods.publishAhead)
        .member("verify_for", periods.verifyFor)
        .member("event", making.event)
        .endObject()
        .toBytes();
  }
}
