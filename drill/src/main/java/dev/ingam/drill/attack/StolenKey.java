package dev.ingam.drill.attack;

import dev.ingam.drill.web.DrillException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/// A private signing key in the wrong hands.
record StolenKey(String kid, Algorithm algorithm, PrivateKey key) {

  /// What Ingam signs with.
  enum Algorithm {
    ES256("EC", "SHA256withECDSAinP1363Format", "ES256"),
    ED25519("Ed25519", "Ed25519", "Ed25519"),
    RS256("RSA", "SHA256withRSA", "RS256"),
    PS256("RSA", "RSASSA-PSS", "PS256");

    private final String keyFactory;
    private final String signature;
    private final String jose;

    Algorithm(String keyFactory, String signature, String jose) {
      this.keyFactory = keyFactory;
      this.signature = signature;
      this.jose = jose;
    }

    String keyFactory() {
      return keyFactory;
    }

    String jose() {
      return jose;
    }

    static Algorithm ofJose(String jose) {
      for (var algorithm : values()) {
        if (algorithm.jose.equals(jose)) {
          return algorithm;
        }
      }
      throw new DrillException("expected a key for ES256, Ed25519, RS256 or PS256, came " + jose);
    }
  }

  byte[] sign(byte[] input) {
    try {
      var signature = Signature.getInstance(algorithm.signature);
      if (algorithm == Algorithm.PS256) {
        signature.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      }
      signature.initSign(key);
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new DrillException("the stolen key " + kid + " does not sign: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "StolenKey[" + kid + "]";
  }
}
