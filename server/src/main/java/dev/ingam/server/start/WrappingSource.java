package dev.ingam.server.start;

import dev.ingam.keys.WrappingKey;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.keys.file.SecretWrappingKey;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a wrapping key of the operator is: `file:PATH`, `environment:NAME`, `credential:NAME` of
/// systemd (`LoadCredential=`, `LoadCredentialEncrypted=`), or `pkcs11`, in a token.
record WrappingSource(String source, String name) {
  private static final String FILE = "file";
  private static final String ENVIRONMENT = "environment";
  private static final String CREDENTIAL = "credential";
  private static final String TOKEN = "pkcs11";
  private static final String FOLDER = "CREDENTIALS_DIRECTORY";

  /// Null when the text is none of these.
  static @Nullable WrappingSource of(String text) {
    if (text.equals(TOKEN)) {
      return new WrappingSource(TOKEN, "");
    }
    int colon = text.indexOf(':');
    var source = colon < 0 ? "" : text.substring(0, colon);
    var name = text.substring(colon + 1);
    return switch (source) {
      case FILE, ENVIRONMENT -> name.isBlank() ? null : new WrappingSource(source, name);
      case CREDENTIAL ->
          name.isBlank() || name.contains("/") ? null : new WrappingSource(source, name);
      default -> null;
    };
  }

  boolean isToken() {
    return source.equals(TOKEN);
  }

  /// Whether the key lies in this folder.
  boolean isWithin(Path folder) {
    return source.equals(FILE)
        && Path.of(name)
            .toAbsolutePath()
            .normalize()
            .startsWith(folder.toAbsolutePath().normalize());
  }

  /// The key, where it is in no token.
  ///
  /// @throws StartFailure when it is not there, or none
  WrappingKey read(SecretFiles files, Map<String, String> environment, SecureRandom random) {
    byte[] key = {};
    try {
      key = HexFormat.of().parseHex(text(files, environment).strip());
      return new SecretWrappingKey(key, random);
    } catch (IllegalArgumentException e) {
      throw failure("something else", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private String text(SecretFiles files, Map<String, String> environment) {
    return switch (source) {
      case FILE -> line(files, Path.of(name));
      case CREDENTIAL -> {
        var folder = environment.get(FOLDER);
        if (folder == null) {
          throw failure("no " + FOLDER + ": not started by systemd with LoadCredential=", null);
        }
        yield line(files, Path.of(folder, name));
      }
      default -> {
        var value = environment.get(name);
        if (value == null) {
          throw failure("no such variable", null);
        }
        yield value;
      }
    };
  }

  private String line(SecretFiles files, Path file) {
    try {
      return new String(files.read(file), StandardCharsets.US_ASCII);
    } catch (UncheckedIOException e) {
      throw failure(e.getMessage() + ": " + e.getCause(), e);
    }
  }

  /// What came is not told when it may be the key.
  private StartFailure failure(String came, @Nullable Exception cause) {
    return new StartFailure(
        "the wrapping key in " + source + " " + name + ", 64 hexadecimal digits on one line",
        came,
        "see ingam.keys.wrapping.by; one is made by: openssl rand -hex 32",
        cause);
  }
}
