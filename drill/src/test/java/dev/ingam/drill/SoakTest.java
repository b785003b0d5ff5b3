package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A short soak with the real server. Needs libfaketime.
@Tag("full")
class SoakTest {
  private @TempDir Path folder;

  @Test
  void soak_ofTwoMinutes() {
    System.setProperty("http.maxConnections", "64");
    System.setProperty("sun.net.http.retryPost", "false");
    var progress = new ArrayList<String>();
    var options = new SoakOptions(2, 7, false, folder.resolve("work"));
    try (var soak = new Soak(options, new Jvm(System.getProperties()), progress::add)) {
      var result = soak.play();
      assertThat(result.problems()).as(() -> progress + "\n" + result.toText()).isEmpty();
      assertThat(result.counts().issued()).isGreaterThan(100);
    }
  }
}
