package dev.ingam.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/// In processes of their own, because a provider is installed for the whole JVM.
class CryptoProviderTest {
  /// Says which provider was chosen, and the alarm.
  public static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      var chosen = CryptoProvider.choose(Clock.systemUTC());
      System.out.println(
          "provider=" + (chosen.provider() == null ? "none" : chosen.provider().getName()));
      System.out.println("alarm=" + (chosen.alarm() == null ? "none" : chosen.alarm()));
    }
  }

  private static String probe(String option) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void library_thatLoads_isUsed() throws Exception {
    assertThat(probe("-Dingam.probe=1"))
        .contains("provider=AmazonCorrettoCryptoProvider")
        .contains("alarm=none");
  }

  @Test
  void library_thatDoesNotLoad_isAnAlarmWithTheRateLeft() throws Exception {
    assertThat(probe("-Dcom.amazon.corretto.crypto.provider.useExternalLib=true"))
        .contains("provider=none")
        .contains("crypto_fallback")
        .containsPattern("the JDK signs [0-9]+ ES256/s");
  }
}
