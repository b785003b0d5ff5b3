package dev.ingam.keys;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A disk that takes nothing new while it is full.
final class FullDisk implements SecretFiles {
  private final SecretFiles disk = new PosixFiles();
  boolean full;

  @Override
  public void makeFolder(Path folder) {
    disk.makeFolder(folder);
  }

  @Override
  public void write(Path file, byte[] content) {
    if (full) {
      throw new UncheckedIOException("cannot write " + file, new IOException("no space left"));
    }
    disk.write(file, content);
  }

  @Override
  public byte[] read(Path file) {
    return disk.read(file);
  }

  @Override
  public void delete(Path file) {
    disk.delete(file);
  }
}
