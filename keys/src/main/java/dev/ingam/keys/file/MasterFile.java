package dev.ingam.keys.file;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.Wrapping;
import dev.ingam.keys.WrappingKey;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.wire.Base64Url;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The file with the master key of one store, in clear or under a wrapping key:
/// `docs/spec/key-store.md`.
///
/// @param owner installation and domain; bound to what is wrapped
record MasterFile(Path file, String owner, SecretFiles files, Wrapping wrapping) {
  private static final String WRAPPED = "ingam-wrapped-1";

  boolean exists() {
    return Files.exists(file);
  }

  /// The key.
  ///
  /// @throws KeysException MASTER_KEY_MISSING, MASTER_KEY_WRONG, SECRETS_EXPOSED, STORE_UNAVAILABLE
  byte[] read() {
    if (!exists()) {
      throw new KeysException(
          KeysException.Code.MASTER_KEY_MISSING,
          "expected the master key of " + owner + " in " + file + "; restore it");
    }
    var line = line();
    var words = line.split(" ", -1);
    var key = words[0].equals(WRAPPED) ? unwrapped(words) : Base64Url.decode(line);
    if (key == null || key.length != MasterKey.BYTES) {
      throw wrong("it is not one line of 32 bytes in base64url");
    }
    return key;
  }

  /// Whether it does not lie as it would be written now: in clear, or under another key.
  boolean isStale() {
    if (!exists()) {
      return false;
    }
    var words = line().split(" ", -1);
    var now = wrapping.now();
    return words[0].equals(WRAPPED)
        ? now == null || words.length < 2 || !words[1].equals(now.id())
        : now != null;
  }

  /// Wrapped first: that makes the wrapping key where there is none yet.
  private String wrapped(byte[] key, WrappingKey by) {
    var sealed = by.wrap(key, context());
    return WRAPPED + " " + by.id() + " " + Base64Url.encode(sealed);
  }

  /// Replaces it, durably.
  void write(byte[] key) {
    var line = wrapping.now() == null ? Base64Url.encode(key) : wrapped(key, wrapping.now());
    try {
      files.write(file, (line + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
  }

  void delete() {
    try {
      files.delete(file);
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
  }

  KeysException wrong(String why) {
    return new KeysException(
        KeysException.Code.MASTER_KEY_WRONG,
        file
            + " is not the master key of "
            + owner
            + ": "
            + why
            + "; put the right one there; nothing was changed");
  }

  private String line() {
    try {
      var bytes = files.read(file);
      var line = new String(bytes, StandardCharsets.US_ASCII).strip();
      Arrays.fill(bytes, (byte) 0);
      return line;
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
  }

  private byte @Nullable [] unwrapped(String[] words) {
    var wrapped = words.length == 3 ? Base64Url.decode(words[2]) : null;
    if (wrapped == null) {
      return null;
    }
    var key = wrapping.find(words[1]);
    if (key == null) {
      throw wrong(
          "it lies under wrapping key "
              + words[1]
              + "; configured (ingam.keys.wrapping) is "
              + wrapping);
    }
    try {
      return key.unwrap(wrapped, context());
    } catch (IllegalArgumentException e) {
      throw wrong("wrapping key " + words[1] + " does not open it");
    }
  }

  private byte[] context() {
    return (WRAPPED + "|" + owner).getBytes(StandardCharsets.UTF_8);
  }
}
