package dev.ingam.keys.pkcs11;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The PKCS #11 libraries of this process, each loaded once: to end one ends it for all who use it.
public final class Libraries implements AutoCloseable {
  private final Map<Path, Library> loaded = new HashMap<>();

  /// Loads it, unless it is.
  Library at(Path path) {
    return loaded.computeIfAbsent(path, Library::open);
  }

  /// Ends all sessions. Nothing that was reached through a library may be used after.
  @Override
  public void close() {
    loaded.values().forEach(Library::close);
    loaded.clear();
  }
}
