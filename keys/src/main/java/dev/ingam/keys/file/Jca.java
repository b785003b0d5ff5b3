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
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/// Our algorithms at a crypto provider.
///
/// @param provider null for the first of the JDK's that can
record Jca(@Nullable Provider provider) {
  KeyPair generate(Algorithm algorithm) {
    try {
      var name = keyName(algorithm);
      var able = able(name);
      var generator =
          able == null
              ? KeyPairGenerator.getInstance(name)
              : KeyPairGenerator.getInstance(name, able);
      if (algorithm == Algorithm.ES256) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw unavailable(algorithm, e);
    }
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
      case RS256, PS256 -> throw notOurs(algorithm);
    };
  }

  /// ES256 in the form of JOSE, `r || s`: no ASN.1 to take apart.
  private static String signatureName(Algorithm algorithm) {
    return switch (algorithm) {
      case ES256 -> "SHA256withECDSAinP1363Format";
      case ED25519 -> "Ed25519";
      case RS256, PS256 -> throw notOurs(algorithm);
    };
  }

  private static KeysException notOurs(Algorithm algorithm) {
    return new KeysException(
        KeysException.Code.CONFIGURATION,
        "expected ES256 or Ed25519 for a key of ours, came " + algorithm.jose());
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
