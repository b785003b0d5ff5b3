package dev.ingam.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
  @TempDir Path folder;

  @Test
  void open_firstStart_makesAFileForItsOwnerAlone() throws IOException {
    var credential = open();
    var text = Files.readString(file()).strip();
    assertThat(text).matches("ingam_root_[A-Za-z0-9_-]{43}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(credential.is(text)).isTrue();
    assertThat(credential.toString()).isEqualTo("[redacted]");
  }

  @Test
  void open_again_keepsIt() throws IOException {
    open();
    var text = Files.readString(file()).strip();
    assertThat(open().is(text)).isTrue();
  }

  @Test
  void open_afterItWasDeleted_makesAnother() throws IOException {
    open();
    var text = Files.readString(file()).strip();
    Files.delete(file());
    assertThat(open().is(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ingam_root_", "ingam_root_short", "x"})
  void open_somethingElseInTheFile(String content) throws IOException {
    open();
    Files.writeString(file(), content);
    assertThatThrownBy(this::open)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("delete it");
  }

  @Test
  void open_fileThatOthersCanRead() throws IOException {
    open();
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::open)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("others can read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "ingam_root_0000000000000000000000000000000000000000000"})
  void is_anotherValue(String presented) {
    assertThat(open().is(presented)).isFalse();
  }

  @Test
  void open_ofMetrics_isAnotherFileAndValue() throws IOException {
    var root = open();
    var metrics =
        Credential.open(Credential.Kind.METRICS, folder, new PosixFiles(), new SecureRandom());
    var file = folder.resolve("metrics-credential");
    var text = Files.readString(file).strip();
    assertThat(text).matches("ingam_metrics_[A-Za-z0-9_-]{43}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(metrics.is(text)).isTrue();
    assertThat(root.is(text)).isFalse();
    assertThat(metrics.is(Files.readString(file()).strip())).isFalse();
  }

  private Path file() {
    return folder.resolve("root-credential");
  }

  private Credential open() {
    return Credential.open(Credential.Kind.ROOT, folder, new PosixFiles(), new SecureRandom());
  }
}
