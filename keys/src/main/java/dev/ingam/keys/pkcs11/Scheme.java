package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ingam.keys.KeysException;
import dev.ingam.wire.Algorithm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/// How one of our algorithms is done by a token: which mechanisms, which attributes, and how the
/// public half is read.
record Scheme(Algorithm algorithm) {
  private static final long RSA_BITS = 3072;
  private static final byte[] F4 = {1, 0, 1};
  private static final int SALT_BYTES = 32;
  private static final byte[] P256 = hex("06082a8648ce3d030107");

  /// The curve by its name, a `PrintableString`: PKCS #11 3.0 section 2.3.10.
  private static final byte[] EDWARDS25519 = hex("130c656477617264733235353139");

  private static final byte[] P256_SPKI =
      hex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
  private static final byte[] ED25519_SPKI = hex("302a300506032b6570032100");
  private static final int P256_POINT = 65;
  private static final int ED25519_POINT = 32;

  /// The mechanism that makes a key pair, in this memory.
  MemorySegment generation(Arena arena) {
    return mechanism(
        arena,
        switch (algorithm) {
          case ES256 -> Ck.CKM_EC_KEY_PAIR_GEN;
          case ED25519 -> Ck.CKM_EC_EDWARDS_KEY_PAIR_GEN;
          case RS256, PS256 -> Ck.CKM_RSA_PKCS_KEY_PAIR_GEN;
        },
        MemorySegment.NULL);
  }

  /// The mechanism that signs, in this memory.
  MemorySegment signing(Arena arena) {
    return switch (algorithm) {
      case ES256 -> mechanism(arena, Ck.CKM_ECDSA, MemorySegment.NULL);
      case ED25519 -> mechanism(arena, Ck.CKM_EDDSA, MemorySegment.NULL);
      case RS256 -> mechanism(arena, Ck.CKM_SHA256_RSA_PKCS, MemorySegment.NULL);
      case PS256 ->
          mechanism(
              arena,
              Ck.CKM_SHA256_RSA_PKCS_PSS,
              arena.allocateFrom(JAVA_LONG, Ck.CKM_SHA256, Ck.CKG_MGF1_SHA256, SALT_BYTES));
    };
  }

  /// What the token is given to sign: CKM_ECDSA takes the digest, as not every token has
  /// CKM_ECDSA_SHA256; the others take the input.
  byte[] prepared(byte[] input) {
    return algorithm == Algorithm.ES256 ? Sha256.of(input) : input;
  }

  /// What makes its public key one of this algorithm.
  Template publicKey(Template template) {
    return switch (algorithm) {
      case ES256 -> template.with(Ck.CKA_EC_PARAMS, P256);
      case ED25519 -> template.with(Ck.CKA_EC_PARAMS, EDWARDS25519);
      case RS256, PS256 ->
          template.with(Ck.CKA_MODULUS_BITS, RSA_BITS).with(Ck.CKA_PUBLIC_EXPONENT, F4);
    };
  }

  /// The attribute that holds the private number.
  long secret() {
    return algorithm.isRsa() ? Ck.CKA_PRIVATE_EXPONENT : Ck.CKA_VALUE;
  }

  /// Reads the public half.
  ///
  /// @throws KeysException STORE_DAMAGED when it is no key of this algorithm
  PublicKey read(Session session, long object) {
    try {
      return switch (algorithm) {
        case ES256 -> ofPoint("EC", P256_SPKI, point(session, object, P256_POINT));
        case ED25519 -> ofPoint("Ed25519", ED25519_SPKI, point(session, object, ED25519_POINT));
        case RS256, PS256 ->
            KeyFactory.getInstance("RSA")
                .generatePublic(
                    new RSAPublicKeySpec(
                        new BigInteger(1, session.read(object, Ck.CKA_MODULUS)),
                        new BigInteger(1, session.read(object, Ck.CKA_PUBLIC_EXPONENT))));
      };
    } catch (GeneralSecurityException e) {
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED,
          "expected a public key for " + algorithm.jose() + " from the token; it is none",
          e);
    }
  }

  /// `CKA_EC_POINT` is the point in a DER `OCTET STRING`; some tokens leave the wrapping out.
  private static byte[] point(Session session, long object, int bytes) {
    var value = ByteBuffer.wrap(session.read(object, Ck.CKA_EC_POINT));
    if (value.remaining() == bytes + 2 && value.get(0) == 0x04 && value.get(1) == bytes) {
      value.position(2);
    }
    var point = new byte[value.remaining()];
    value.get(point);
    return point;
  }

  private static PublicKey ofPoint(String algorithm, byte[] prefix, byte[] point)
      throws GeneralSecurityException {
    var spki = ByteBuffer.allocate(prefix.length + point.length).put(prefix).put(point).array();
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
  }

  /// A `CK_MECHANISM` in this memory.
  static MemorySegment mechanism(Arena arena, long type, MemorySegment parameter) {
    var mechanism = arena.allocate(JAVA_LONG, 3);
    mechanism.setAtIndex(JAVA_LONG, 0, type);
    mechanism.setAtIndex(ADDRESS, 1, parameter);
    mechanism.setAtIndex(JAVA_LONG, 2, parameter.byteSize());
    return mechanism;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
