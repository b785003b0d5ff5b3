package dev.ingam.server.start;

import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads the pinned keys of the log-in system.
public final class UpstreamKeys {
  private static final long MAX_BYTES = 256 << 10;

  private UpstreamKeys() {}

  /// @throws StartFailure when the file cannot be read or holds no usable key
  public static KeySet read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw failure(file, "more than " + MAX_BYTES + " bytes", null);
      }
      return switch (KeySet.read(Files.readAllBytes(file))) {
        case KeySetReading.Read(KeySet set) when !set.keys().isEmpty() -> set;
        case KeySetReading.Read(KeySet set) -> throw failure(file, "a set without a key", null);
        case KeySetReading.Unreadable(String detail) -> throw failure(file, detail, null);
      };
    } catch (IOException e) {
      throw failure(file, e.toString(), e);
    }
  }

  private static StartFailure failure(Path file, String came, @Nullable Exception cause) {
    return new StartFailure(
        "a JWK set with the log-in system's public keys in " + file,
        came,
        "correct ingam.upstream.jwks or the file",
        cause);
  }
}
