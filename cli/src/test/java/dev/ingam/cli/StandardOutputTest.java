package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardOutputTest {
  @TempDir Path folder;

  private static final class Broken extends OutputStream {
    private final String why;

    Broken(String why) {
      this.why = why;
    }

    @Override
    public void write(int one) throws IOException {
      throw new IOException(why);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,1", "3,3", "75,75"})
  void lostOutput_isNoSuccess(int before, int after) {
    var output = new StandardOutput(new Broken("No space left on device"));
    var said = new ByteArrayOutputStream();
    new PrintStream(output, true, StandardCharsets.UTF_8).println("a secret");

    assertThat(output.after(before, new PrintStream(said, true, StandardCharsets.UTF_8)))
        .isEqualTo(after);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("No space left on device")
        .doesNotContain("secret");
  }

  @Test
  void readerThatHasGone_needsNoWords() {
    var output = new StandardOutput(new Broken("Broken pipe"));
    var said = new ByteArrayOutputStream();
    new PrintStream(output, true, StandardCharsets.UTF_8).println("x");

    assertThat(output.after(0, new PrintStream(said, true, StandardCharsets.UTF_8))).isEqualTo(1);
    assertThat(said.size()).isZero();
  }

  @Test
  void writtenOutput_changesNothing() {
    var written = new ByteArrayOutputStream();
    var output = new StandardOutput(written);
    new PrintStream(output, true, StandardCharsets.UTF_8).print("인감");

    assertThat(output.after(0, System.err)).isZero();
    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("인감");
  }

  /// As a process, on a disk that is full.
  @Test
  void fullDisk_failsTheCommand() throws Exception {
    var errors = folder.resolve("errors").toFile();
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    IngamCli.class.getName(),
                    "--version"))
            .redirectOutput(new File("/dev/full"))
            .redirectError(errors)
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(errors).content().contains("standard output");
  }
}
