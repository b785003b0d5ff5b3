package dev.ingam.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.disk.PosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrappingSourceTest {
  private static final String KEY = "0011223344556677".repeat(4);

  @TempDir Path folder;

  @Test
  void key_fromEachSource_isTheSame() throws IOException {
    var file = secret(KEY + "\n");
    var id = id("environment:KEK", Map.of("KEK", KEY));
    assertThat(id("file:" + file, Map.of())).isEqualTo(id);
    assertThat(id("credential:kek", Map.of("CREDENTIALS_DIRECTORY", folder.toString())))
        .isEqualTo(id);
    assertThat(id("environment:KEK", Map.of("KEK", "f".repeat(64)))).isNotEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file:", "environment", "vault:kek", "credential:../kek", "00112233"})
  void source_unknown(String text) {
    assertThat(WrappingSource.of(text)).isNull();
  }

  @Test
  void key_missing_saysWhatToDo() {
    assertThatThrownBy(() -> id("environment:KEK", Map.of()))
        .hasMessageContaining("the wrapping key in environment KEK, 64 hexadecimal digits")
        .hasMessageContaining("no such variable")
        .hasMessageContaining("openssl rand -hex 32");
    assertThatThrownBy(() -> id("credential:kek", Map.of()))
        .hasMessageContaining("not started by systemd with LoadCredential=");
    assertThatThrownBy(() -> id("file:" + folder.resolve("none"), Map.of()))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("none");
  }

  /// What came may be the key, a digit short.
  @Test
  void key_ofAnotherForm_isNotTold() {
    assertThatThrownBy(() -> id("environment:KEK", Map.of("KEK", KEY.substring(2))))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("came something else")
        .hasMessageNotContaining(KEY.substring(2));
  }

  @Test
  void file_othersMayRead() throws IOException {
    var file = secret(KEY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> id("file:" + file, Map.of()))
        .isInstanceOf(StartFailure.class)
        .hasMessageNotContaining(KEY);
  }

  private Path secret(String content) throws IOException {
    var file = Files.writeString(folder.resolve("kek"), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static String id(String text, Map<String, String> environment) {
    return WrappingSource.of(text).read(new PosixFiles(), environment, new SecureRandom()).id();
  }
}
