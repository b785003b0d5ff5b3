package dev.ingam.keys.archive;

import java.io.IOException;
import java.util.Locale;

/// An archive that cannot be used as it is. Nothing of it may be believed.
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  /// The stable reasons.
  public enum Reason {
    /// Not made by `ingam backup`.
    NOT_AN_ARCHIVE,
    /// Made by a later version.
    NEWER_FORMAT,
    /// Made under another key.
    WRONG_KEY,
    /// Cut off before its end.
    TRUNCATED,
    /// Changed since it was made.
    DAMAGED;

    /// `wrong_key`.
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Reason reason;

  /// @param message what was expected, what came and what to do
  public ArchiveException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
