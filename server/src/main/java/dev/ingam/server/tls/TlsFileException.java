package dev.ingam.server.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Files for TLS that cannot be used: which, what was expected, what came, what to do.
final class TlsFileException extends Exception {
  private static final long serialVersionUID = 1;

  TlsFileException(Path file, String problem) {
    this(file, problem, null);
  }

  TlsFileException(Path file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }

  private TlsFileException(String problems) {
    super(problems);
  }

  /// Reads one of several files.
  interface Reading<T> {
    T read() throws TlsFileException;
  }

  /// What is read, or null with its problem among the others: all of them are told at once.
  static <T> @Nullable T attempt(List<TlsFileException> problems, Reading<T> reading) {
    try {
      return reading.read();
    } catch (TlsFileException e) {
      problems.add(e);
      return null;
    }
  }

  static TlsFileException all(List<TlsFileException> problems) {
    return new TlsFileException(
        problems.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")));
  }
}
