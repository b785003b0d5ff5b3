package dev.ingam.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Temporary folders of demos that were killed (`kill -9`, a power cut) and so deleted nothing.
/// They hold private keys, if only made-up ones; the next demo deletes them.
///
/// A folder is in use while the demo's lock on its file [#IN_USE], or the server's on `data/lock`,
/// is held. The kernel lets go of both with the processes.
final class Leftovers {
  static final String PREFIX = "ingam-demo-";
  static final String IN_USE = "in-use";

  private Leftovers() {}

  /// Deletes those of this user under one folder; what cannot be deleted stays for the next time.
  static void delete(Path under, UserPrincipal user) throws IOException {
    try (var folders = Files.newDirectoryStream(under, PREFIX + "*")) {
      for (var folder : folders) {
        if (isLeft(folder, user)) {
          deleteTree(folder);
        }
      }
    }
  }

  private static boolean isLeft(Path folder, UserPrincipal user) {
    try {
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)
          && Files.exists(folder.resolve(IN_USE))
          && Stream.of(IN_USE, "data/lock").map(folder::resolve).allMatch(Leftovers::isFree);
    } catch (IOException e) {
      return false; // gone meanwhile, or not ours to look at
    }
  }

  private static boolean isFree(Path file) {
    if (!Files.exists(file)) {
      return true;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }

  /// Deletes a folder and all below it; answers what stayed and why.
  static List<String> deleteTree(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.sorted(Comparator.reverseOrder()).flatMap(Leftovers::problem).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static Stream<String> problem(Path file) {
    try {
      Files.deleteIfExists(file);
      return Stream.empty();
    } catch (IOException e) {
      return Stream.of(e.toString());
    }
  }
}
