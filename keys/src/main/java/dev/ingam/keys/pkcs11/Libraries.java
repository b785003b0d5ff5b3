package dev.ingam.keys.pkcs11;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The PKCS #11 libraries of this process, each loaded once: to end one ends it for all who use it.
public final class Libraries implements AutoCloseable {
  private final Map<Path, Library> loaded = new HashMap<>();

  /// Loads it, unless it is: under whatever name, one file is one library.
  Library at(Path path) {
    return loaded.computeIfAbsent(real(path), Library::open);
  }

  /// Where the links of a path lead; the path itself when nothing is there, which loading it tells.
  public static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  /// Ends all sessions. Nothing that was reached through a library may be used after.
  @Override
  public void close() {
    loaded.values().forEach(Library::close);
    loaded.clear();
  }
}
