package dev.ingam.keys;

import dev.ingam.keys.disk.ExposedFileException;
import java.io.UncheckedIOException;
import java.util.Locale;

/// Why keys could not do what was asked: a refused move, or an environment that is not as it must
/// be. Never carries key bytes.
public final class KeysException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;

  /// @param message what was expected, what came and what to do
  public KeysException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /// @param message what was expected, what came and what to do
  public KeysException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /// What a disk said about a secret file.
  public static KeysException ofDisk(UncheckedIOException e) {
    return e instanceof ExposedFileException
        ? new KeysException(Code.SECRETS_EXPOSED, "" + e.getMessage(), e)
        : new KeysException(
            Code.STORE_UNAVAILABLE, "the disk refused: " + e.getMessage() + ": " + e.getCause(), e);
  }

  /// The stable reason.
  public Code code() {
    return code;
  }

  /// The stable reasons. Their wire form is the name in lower case.
  public enum Code {
    /// The configuration contradicts itself or passes a ceiling; the message lists every problem.
    CONFIGURATION,
    /// No key set of this name is configured.
    NO_SUCH_SET,
    /// No key of this id.
    NO_SUCH_KEY,
    /// The life cycle has no such move from the key's state.
    ILLEGAL_MOVE,
    /// The key was not published for long enough.
    PUBLISHED_TOO_SHORT,
    /// A reserve key waits for an emergency and nothing else.
    RESERVE_KEY,
    /// The key set has no key that may sign now.
    NO_ACTIVE_KEY,
    /// Key states were not read from the database for as long as the lease lasts: nobody knows
    /// whether the key may still sign.
    KEY_STATES_STALE,
    /// The key may not sign: past its cryptoperiod or replaced.
    NOT_ACTIVE,
    /// Another process changed the row at the same time.
    CHANGED_MEANWHILE,
    /// A condemned domain bears no key.
    DOMAIN_CONDEMNED,
    /// The store has no such key, or no longer.
    KEY_GONE,
    /// A master key file is missing.
    MASTER_KEY_MISSING,
    /// A master key does not open its store.
    MASTER_KEY_WRONG,
    /// A store file, or what is in it, cannot be read.
    STORE_DAMAGED,
    /// The disk or the token refused, or cannot be reached.
    STORE_UNAVAILABLE,
    /// No place for another store is configured.
    NO_ROOM,
    /// A token bears the keys of another installation or domain.
    FOREIGN_STORE,
    /// A key in a token could be read or changed, or was not made in it.
    KEY_EXPOSED,
    /// A token refused its PIN.
    PIN_REFUSED,
    /// Wrapped bytes were changed, or wrapped for something else.
    NOT_SEALED_HERE,
    /// The data folder's installation has no secrets on this machine.
    SECRETS_MISSING,
    /// Others than the owner may read a secret file.
    SECRETS_EXPOSED,
    /// The data folder or the installation file cannot be used as it is.
    INSTALLATION_DAMAGED,
    /// Another server runs on the data folder.
    FOLDER_IN_USE,
    /// The database belongs to another installation.
    FOREIGN_DATABASE,
    /// The database is older than what this node remembers of it; nothing is changed.
    DATABASE_BEHIND,
    /// The crypto provider cannot do what is needed.
    CRYPTO_UNAVAILABLE;

    /// The form that leaves the process.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
