package dev.ingam.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/// The raw ES256 of the provider that the server uses: the limit of everything that signs or
/// verifies.
///
/// @param chosen a provider that signs in the JOSE form by itself
record Crypto(Provider chosen) {
  private static final String ES256 = "SHA256withECDSAinP1363Format";
  private static final int LOOKS = 10;
  private static final long LOOK_NANOS = 100_000_000;

  /// Amazon Corretto's where its library loads, the JDK's otherwise.
  static Crypto best() {
    var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
    return new Crypto(
        corretto.getLoadingError() == null ? corretto : Security.getProvider("SunEC"));
  }

  String provider() {
    return chosen.getName() + " " + chosen.getVersionStr();
  }

  KeyPair newKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC", chosen);
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new BenchException("The crypto provider " + provider() + " makes no P-256 key", e);
    }
  }

  Signature signer(PrivateKey key) throws GeneralSecurityException {
    var signature = Signature.getInstance(ES256, chosen);
    signature.initSign(key);
    return signature;
  }

  Signature verifier(PublicKey key) throws GeneralSecurityException {
    var signature = Signature.getInstance(ES256, chosen);
    signature.initVerify(key);
    return signature;
  }

  /// How many signatures a core verifies in a second, the best of a few short looks.
  double verificationsASecond() throws GeneralSecurityException {
    var pair = newKey();
    var signer = signer(pair.getPrivate());
    signer.update(new byte[1]);
    var signature = signer.sign();
    var verifier = verifier(pair.getPublic());
    var best = 0.0;
    for (int i = 0; i < LOOKS; i++) {
      var done = 0;
      var begin = System.nanoTime();
      while (System.nanoTime() - begin < LOOK_NANOS) {
        verifier.update(new byte[1]);
        if (!verifier.verify(signature)) {
          throw new BenchException("The crypto provider " + provider() + " verifies nothing");
        }
        done++;
      }
      best = Math.max(best, done * 1e9 / (System.nanoTime() - begin));
    }
    return best;
  }

  /// The same key as an object of this provider, which spares it a conversion at each use.
  PublicKey translated(PublicKey key) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC", chosen)
        .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
  }
}
