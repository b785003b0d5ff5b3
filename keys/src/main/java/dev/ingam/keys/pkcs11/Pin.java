package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.disk.SecretFiles;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The PIN of a token, in its file. One that the token refused is not tried again until the file
/// holds another, and the last try is never taken: a few wrong ones lock a token for good. Used by
/// one thread at a time.
final class Pin {
  private final PartitionConfig config;
  private final SecretFiles files;
  private byte[] refused = {};

  Pin(PartitionConfig config, SecretFiles files) {
    this.config = config;
    this.files = files;
  }

  /// @throws KeysException PIN_REFUSED, by the token or by us
  void login(Session session, TokenInfo info) {
    var pin = read();
    try {
      if (pin.length == 0) {
        throw problem(", came none");
      }
      if (MessageDigest.isEqual(refused, Sha256.of(pin))) {
        throw problem("; the token refused it; it is not tried again until the file holds another");
      }
      // A restart forgets what was refused; the token counts.
      if (info.isLastTry()) {
        throw problem(
            "; it was not tried, as the token has one try left or none; log in once by its own"
                + " tool, or have its PIN set anew");
      }
      session.login(pin);
    } catch (RejectedException e) {
      if (!e.isPinRefused()) {
        throw e;
      }
      refused = Sha256.of(pin);
      throw problem(
          "; the token refused it ("
              + e.getMessage()
              + "); it is not tried again until the file holds another",
          e);
    } finally {
      Arrays.fill(pin, (byte) 0);
    }
  }

  private byte[] read() {
    byte[] line;
    try {
      line = files.read(config.pinFile());
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
    int end = line.length;
    while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
      end--;
    }
    var pin = Arrays.copyOf(line, end);
    Arrays.fill(line, (byte) 0);
    return pin;
  }

  private KeysException problem(String what) {
    return problem(what, null);
  }

  private KeysException problem(String what, @Nullable RejectedException cause) {
    var message = "expected in " + config.pinFile() + " the PIN of token " + config.token() + what;
    return cause == null
        ? new KeysException(KeysException.Code.PIN_REFUSED, message)
        : new KeysException(KeysException.Code.PIN_REFUSED, message, cause);
  }
}
