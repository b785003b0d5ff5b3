package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the options do to a JVM that is started with them.
class ServeOptionsTest {
  private static final int SURVIVED = 7;
  private static final int ENDED_BY_THE_JVM = 3;

  @TempDir private Path folder;

  /// Goes on without memory, as a thread does that catches everything.
  static final class Exhausted {
    private Exhausted() {}

    public static void main(String[] args) {
      var kept = new ArrayList<byte[]>();
      try {
        while (kept.size() < 100_000) {
          kept.add(new byte[8 << 20]);
        }
      } catch (OutOfMemoryError e) {
        System.exit(SURVIVED);
      }
    }
  }

  @Test
  void server_withoutMemory_endsInsteadOfGoingOn() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var options = Path.of("src/dist/serve.options").toAbsolutePath();
    var classes = System.getProperty("java.class.path");
    var process =
        new ProcessBuilder(
                java, "@" + options, "-Xmx64m", "-cp", classes, Exhausted.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ENDED_BY_THE_JVM);
  }
}
