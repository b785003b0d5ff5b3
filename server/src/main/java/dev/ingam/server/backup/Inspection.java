package dev.ingam.server.backup;

import dev.ingam.keys.archive.ArchiveHeader;
import dev.ingam.keys.archive.ArchiveInput;
import dev.ingam.keys.archive.BackupKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an archive holds, read from its first byte to its last.
///
/// @param rows of each table
public record Inspection(
    ArchiveHeader header, Manifest manifest, SortedMap<String, Long> rows, int books, long bytes) {
  private static final int BUFFER = 1 << 17;

  /// Reads all of it.
  ///
  /// @throws dev.ingam.keys.archive.ArchiveException when it cannot be used
  public static Inspection of(Path file, BackupKey key) throws IOException {
    try (var archive = open(file, key)) {
      var sections = new SectionInput(archive);
      Manifest manifest = null;
      var rows = new TreeMap<String, Long>();
      int books = 0;
      for (var section = sections.next(); section != null; section = sections.next()) {
        switch (section) {
          case Section.Contents() -> manifest = manifest(sections.content());
          case Section.Rows(var table, var columns) -> rows.put(table, lines(sections.content()));
          case Section.DataFile(var path, var size) -> {
            sections.content().transferTo(OutputStream.nullOutputStream());
            books += path.endsWith(".book") ? 1 : 0;
          }
        }
      }
      return of(archive.header(), manifest, rows, books, Files.size(file));
    }
  }

  private static Inspection of(
      ArchiveHeader header,
      @Nullable Manifest manifest,
      SortedMap<String, Long> rows,
      int books,
      long bytes)
      throws IOException {
    if (manifest == null) {
      throw SectionInput.strange();
    }
    return new Inspection(header, manifest, rows, books, bytes);
  }

  static ArchiveInput open(Path file, BackupKey key) throws IOException {
    return ArchiveInput.open(new BufferedInputStream(Files.newInputStream(file), BUFFER), key);
  }

  static Manifest manifest(InputStream content) throws IOException {
    try {
      return Manifest.read(content.readNBytes(BUFFER));
    } catch (IllegalArgumentException e) {
      throw SectionInput.strange();
    }
  }

  /// COPY writes one line a row; a line feed in a value is escaped.
  private static long lines(InputStream content) throws IOException {
    long lines = 0;
    var buffer = new byte[BUFFER];
    for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
      for (int i = 0; i < length; i++) {
        lines += buffer[i] == '\n' ? 1 : 0;
      }
    }
    return lines;
  }
}
