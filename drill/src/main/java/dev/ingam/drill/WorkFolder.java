package dev.ingam.drill;

import dev.ingam.drill.attack.StolenStore;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder that a demo lives in: `data` (with the demo mark) and `secrets` of the server,
/// `shop`, `attacker`, `log`.
final class WorkFolder implements AutoCloseable {
  private final Path root;
  private final boolean temporary;

  private WorkFolder(Path root, boolean temporary) {
    this.root = root;
    this.temporary = temporary;
  }

  /// A new folder. One that the user names must be new or empty: a demo never touches what another
  /// left.
  static WorkFolder make(@Nullable Path named) {
    try {
      var root = named == null ? Files.createTempDirectory("ingam-demo-") : empty(named);
      var folder = new WorkFolder(root.toRealPath(), named == null);
      for (var name : List.of("data", "secrets", "shop", "attacker", "log")) {
        Files.createDirectory(
            folder.root.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.writeString(
          folder.data().resolve(StolenStore.DEMO_MARK),
          "Made by ingam demo. The keys in this folder are there to be stolen.\n");
      return folder;
    } catch (IOException e) {
      throw new DrillException("cannot make the work folder: " + e, e);
    }
  }

  Path data() {
    return root.resolve("data");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  Path log(String child) {
    return root.resolve("log").resolve(child + ".log");
  }

  Path attacker() {
    return root.resolve("attacker");
  }

  /// The secrets of the one installation in here.
  Path installation() {
    try (var folders = Files.list(secrets())) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("root-credential")))
          .findFirst()
          .orElseThrow(() -> new DrillException("no root credential under " + secrets()));
    } catch (IOException e) {
      throw new DrillException("cannot list " + secrets() + ": " + e, e);
    }
  }

  /// Writes a file that only the owner reads.
  Path write(String name, Json content) {
    return write(name, content.toString());
  }

  Path write(String name, String content) {
    var file = root.resolve(name);
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new DrillException("cannot write " + file + ": " + e, e);
    }
  }

  /// A file's text; null while it is not there.
  static @Nullable String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new DrillException("cannot read " + file + ": " + e, e);
    }
  }

  /// Deletes a temporary folder; one that the user named stays.
  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).forEach(WorkFolder::delete);
    } catch (IOException | UncheckedIOException e) {
      System.err.println("The demo's folder " + root + " could not be deleted: " + e.getMessage());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path empty(Path named) throws IOException {
    Files.createDirectories(named);
    try (var inside = Files.list(named)) {
      if (inside.findAny().isPresent()) {
        throw new DrillException("--work-dir: expected a new or an empty folder, came " + named);
      }
    }
    return named;
  }
}
