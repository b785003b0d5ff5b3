package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/// A file system of a size of its own, mounted for one test, that can really be filled to its last
/// byte. Needs root.
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 1 << 20;

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.ballast = folder.resolve("ballast");
  }

  /// Mounts it at an empty folder.
  static SmallDisk at(Path folder, int mebibytes) throws IOException, InterruptedException {
    var mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "ingam-test", folder);
    assumeTrue(mounted == 0, "a disk of its own can be mounted by root only");
    return new SmallDisk(folder);
  }

  /// Leaves no byte free.
  void fill() throws IOException {
    try (var file =
        FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int size = BLOCK; size > 0; size /= 2) {
        append(file, size);
      }
    }
    assertThat(Files.getFileStore(folder).getUsableSpace()).isZero();
  }

  /// Writes pieces of this size until there is no room for one more.
  private static void append(FileChannel file, int size) throws IOException {
    var piece = ByteBuffer.allocate(size);
    file.position(file.size());
    try {
      while (true) {
        file.write(piece.clear());
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  /// Makes room again.
  void makeRoom() throws IOException {
    Files.delete(ballast);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    assertThat(run("umount", folder)).as("unmounted").isZero();
  }

  private static int run(Object... words) throws IOException, InterruptedException {
    var command = Stream.of(words).map(Object::toString).toList();
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
