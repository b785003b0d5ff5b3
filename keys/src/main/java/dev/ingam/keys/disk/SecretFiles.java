package dev.ingam.keys.disk;

import java.nio.file.Path;

/// Small files that only their owner may read, replaced whole.
///
/// `write` and `delete` are durable when they return: after a power cut there is the old content or
/// the new, never a mixture. All methods are idempotent. Concurrent calls for one file are the
/// caller's to prevent. What the disk refuses is an [java.io.UncheckedIOException].
public interface SecretFiles {
  /// Makes the folder (0700) with its parents; nothing when it is there.
  void makeFolder(Path folder);

  /// Replaces the file (0600) and overwrites what it held before.
  void write(Path file, byte[] content);

  /// The content of the file.
  ///
  /// @throws ExposedFileException when others than the owner may read it
  byte[] read(Path file);

  /// Overwrites and removes the file; nothing when there is none.
  void delete(Path file);
}
