package dev.ingam.keys.file;

import dev.ingam.keys.KeysException;
import dev.ingam.wire.Algorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.jspecify.annotations.Nullable;

/// Our algorithms at a crypto provider.
///
/// @param provider null for the first of the JDK's that can
record Jca(@Nullable Provider provider) {
  /// 128 bits of strength, as P-256 has ([NIST SP
  /// 800-57](https://doi.org/10.6028/NIST.SP.800-57pt1r5) table 2), with e = 65537.
  private static final RSAKeyGenParameterSpec RSA =
      new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4);

  /// SHA-256 for digest and mask, a salt of 32 bytes: [RFC 7518 section
  /// 3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5).
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  KeyPair generate(Algorithm algorithm) {
    try {
      var name = keyName(algorithm);
      var able = able(name);
      var generator =
          able == null
              ? KeyPairGenerator.getInstance(name)
              : KeyPairGenerator.getInstance(name, able);
      switch (algorithm) {
        case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
        case RS256, PS256 -> generator.initialize(RSA);
        case ED25519 -> {}
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw unavailable(algorithm, e);
    }
  }

  /// What makes and uses keys of this algorithm: the provider with its version.
  String maker(Algorithm algorithm) {
    var able = able(keyName(algorithm));
    return able == null
        ? "JDK " + Runtime.version().feature()
        : able.getName() + " " + able.getVersionStr();
  }

  PrivateKey privateKey(Algorithm algorithm, byte[] pkcs8) {
    try {
      var name = keyName(algorithm);
      var able = able(name);
      var factory =
          able == null ? KeyFactory.getInstance(name) : KeyFactory.getInstance(name, able);
      return factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      // The cause may quote what it could not read.
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED,
          "expected a PKCS#8 private key for "
              + algorithm.jose()
              + "; the provider refused it: "
              + e.getClass().getSimpleName());
    }
  }

  Signature signature(Algorithm algorithm, PrivateKey key) {
    try {
      var name = signatureName(algorithm);
      var able = able(keyName(algorithm));
      var signature =
          able == null ? Signature.getInstance(name) : Signature.getInstance(name, able);
      if (algorithm == Algorithm.PS256) {
        signature.setParameter(PSS);
      }
      signature.initSign(key);
      return signature;
    } catch (GeneralSecurityException e) {
      throw unavailable(algorithm, e);
    }
  }

  /// The provider if it can read keys of this kind. ACCP signs with Ed25519 but has no key factory
  /// for it: then the JDK does all three.
  private @Nullable Provider able(String keyName) {
    return provider == null || provider.getService("KeyFactory", keyName) == null ? null : provider;
  }

  private static String keyName(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "EC";
      case ED25519 -> "Ed25519";
      case RS256, PS256 -> "RSA";
    };
  }

  /// ES256 in the form of JOSE, `r || s`: no ASN.1 to take apart.
  private static String signatureName(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "SHA256withECDSAinP1363Format";
      case ED25519 -> "Ed25519";
      case RS256 -> "SHA256withRSA";
      case PS256 -> "RSASSA-PSS";
    };
  }

  private KeysException unavailable(Algorithm algorithm, GeneralSecurityException cause) {
    return new KeysException(
        KeysException.Code.CRYPTO_UNAVAILABLE,
        "expected "
            + algorithm.jose()
            + " from "
            + (provider == null ? "the JDK" : provider.getName())
            + "; it failed",
        cause);
  }
}
