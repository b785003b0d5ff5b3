package dev.ingam.server.start;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.ingam.keys.Alarm;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who signs and checks: Amazon Corretto Crypto Provider where its native library loads, else the
/// JDK, eight times slower, which is an alarm for as long as it lasts.
///
/// @param provider null for the JDK's
/// @param alarm null when all is well
public record CryptoProvider(@Nullable Provider provider, @Nullable Alarm alarm) {
  private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);
  private static final int ROUNDS = 100;

  /// Begins to load the library beside the rest of the start; [#choose] waits for it, and says what
  /// went wrong.
  public static void beginLoading() {
    Thread.ofPlatform().name("crypto-start").daemon().start(CryptoProvider::corretto);
  }

  public static CryptoProvider choose(Clock clock) {
    var problem = corretto();
    if (problem == null) {
      AmazonCorrettoCryptoProvider.install();
      return new CryptoProvider(AmazonCorrettoCryptoProvider.INSTANCE, null);
    }
    var rate = String.format(Locale.ROOT, "%.0f", es256PerSecond());
    LOG.atWarn().addKeyValue("es256_per_second", rate).log("Signing with the JDK: " + problem);
    var alarm =
        new Alarm(
            "crypto_fallback",
            clock.instant(),
            "the fast crypto provider did not load ("
                + problem
                + "); the JDK signs "
                + rate
                + " ES256/s a core",
            "run on Linux with glibc (x86-64 or arm64) and a temporary folder that may hold programs");
    return new CryptoProvider(null, alarm);
  }

  /// Why it cannot be used, or null when it can.
  private static @Nullable String corretto() {
    try {
      var error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
      if (error != null) {
        return String.valueOf(error.getMessage());
      }
      AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
      return null;
    } catch (RuntimeException | LinkageError e) {
      return e.toString();
    }
  }

  /// Measured here and now, a fraction of a second.
  private static double es256PerSecond() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(generator.generateKeyPair().getPrivate());
      var start = System.nanoTime();
      for (int i = 0; i < ROUNDS; i++) {
        signature.update((byte) i);
        signature.sign();
      }
      return ROUNDS * 1e9 / (System.nanoTime() - start);
    } catch (GeneralSecurityException e) {
      throw new StartFailure("a JDK that signs ES256", e.toString(), "use another JDK 25", e);
    }
  }
}
