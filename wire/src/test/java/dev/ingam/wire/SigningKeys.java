package dev.ingam.wire;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/// Fresh keys of each kind for a test.
record SigningKeys(KeyPair ecPair, KeyPair edPair, KeyPair rsaPair) {
  static SigningKeys make() {
    try {
      var rsa = KeyPairGenerator.getInstance("RSA");
      rsa.initialize(3072);
      return new SigningKeys(
          makeEc(),
          KeyPairGenerator.getInstance("Ed25519").generateKeyPair(),
          rsa.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static KeyPair makeEc() {
    try {
      var ec = KeyPairGenerator.getInstance("EC");
      ec.initialize(new ECGenParameterSpec("secp256r1"));
      return ec.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  VerificationKey es256() {
    return key(Algorithm.ES256, ecPair);
  }

  VerificationKey ed25519() {
    return key(Algorithm.ED25519, edPair);
  }

  VerificationKey rsa() {
    return key(Algorithm.RS256, rsaPair);
  }

  byte[] signEs256(byte[] input) {
    return sign("SHA256withECDSAinP1363Format", ecPair, input);
  }

  byte[] signRs256(byte[] input) {
    return sign("SHA256withRSA", rsaPair, input);
  }

  byte[] signPs256(byte[] input) {
    try {
      var signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      signature.initSign(rsaPair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  byte[] signEd25519(byte[] input) {
    return sign("Ed25519", edPair, input);
  }

  private static VerificationKey key(Algorithm algorithm, KeyPair pair) {
    return VerificationKey.ours(
        algorithm, pair.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
  }

  private static byte[] sign(String name, KeyPair pair, byte[] input) {
    try {
      var signature = Signature.getInstance(name);
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
