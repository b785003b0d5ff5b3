package dev.ingam.drill;

import dev.ingam.drill.attack.StolenStore;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The folder that a demo lives in: `data` (with the demo mark) and `secrets` of the server,
/// `shop`, `attacker`, `log`. A temporary one is locked while it is in use and deleted at the end.
final class WorkFolder implements AutoCloseable {
  private final Path root;
  private final @Nullable FileChannel inUse;

  /// @param inUse the locked file of a temporary folder; null for one that the user named
  private WorkFolder(Path root, @Nullable FileChannel inUse) {
    this.root = root;
    this.inUse = inUse;
  }

  /// A new folder. One that the user names must be new or empty: a demo never touches what another
  /// left. A temporary one takes the place of those that killed demos left.
  static WorkFolder make(@Nullable Path named) {
    try {
      return named == null ? temporary() : filled(new WorkFolder(empty(named).toRealPath(), null));
    } catch (IOException e) {
      throw new DrillException("cannot make the work folder: " + e, e);
    }
  }

  private static WorkFolder temporary() throws IOException {
    var root = Files.createTempDirectory(Leftovers.PREFIX).toRealPath();
    Leftovers.delete(root.resolveSibling(""), Files.getOwner(root));
    var file = root.resolve("locking");
    var inUse = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var folder = new WorkFolder(root, inUse);
    try {
      inUse.lock();
      // Locked before it has the name that others look at.
      Files.move(file, root.resolve(Leftovers.IN_USE));
      return filled(folder);
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  private static WorkFolder filled(WorkFolder folder) throws IOException {
    for (var name : List.of("data", "secrets", "shop", "attacker", "log")) {
      Files.createDirectory(
          folder.root.resolve(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.writeString(
        folder.data().resolve(StolenStore.DEMO_MARK),
        "Made by ingam demo. The keys in this folder are there to be stolen.\n");
    return folder;
  }

  Path data() {
    return root.resolve("data");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  /// Where the server says that it is ready.
  Path ports() {
    return data().resolve("run").resolve("ports.json");
  }

  Path log(String child) {
    return root.resolve("log").resolve(child + ".log");
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
  ///
  /// @throws DrillException when something of it stays
  @Override
  public void close() {
    if (inUse == null) {
      return;
    }
    var problems = Leftovers.deleteTree(root);
    try {
      inUse.close();
    } catch (IOException e) {
      throw new DrillException("cannot let go of " + root + ": " + e, e);
    }
    if (!problems.isEmpty()) {
      throw new DrillException("the demo's folder " + root + " could not be deleted: " + problems);
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
