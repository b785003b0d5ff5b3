package dev.ingam.keys.disk;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Others than the owner may read a file that must be secret.
public final class ExposedFileException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  ExposedFileException(String message) {
    super(message, new IOException(message));
  }
}
