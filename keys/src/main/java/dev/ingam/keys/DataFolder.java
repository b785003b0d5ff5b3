package dev.ingam.keys;

import dev.ingam.keys.disk.FolderLock;
import dev.ingam.keys.disk.JsonTree;
import dev.ingam.keys.disk.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// The one data folder that the secrets of an installation serve. A copy of it beside the original
/// would share the master keys, and destroy what its own database does not name: it is refused. A
/// folder that was moved is taken up where it is now.
///
/// @param data as the server was told
/// @param id of the installation
record DataFolder(Path data, String id) {
  private static final String FORMAT = "ingam-data-folder-1";
  private static final String FILE = "data-folder.json";

  static Path mark(Path data) {
    return data.resolve("installation");
  }

  /// Stands in a data folder while a restore fills it.
  static Path restoring(Path data) {
    return data.resolve("restoring");
  }

  /// @throws KeysException when a restore of this folder was broken off
  static void requireRestored(Path data) {
    if (Files.exists(restoring(data))) {
      throw new KeysException(
          KeysException.Code.INSTALLATION_DAMAGED,
          "expected a whole data folder, the restore of "
              + data
              + " was broken off; delete it and restore again");
    }
  }

  /// The lock of the data folder.
  static FolderLock lock(Path data) {
    var lock = FolderLock.take(data);
    if (lock == null) {
      throw new KeysException(
          KeysException.Code.FOLDER_IN_USE,
          "another server runs on the data folder "
              + data
              + "; stop it, or give this one another folder");
    }
    return lock;
  }

  /// Takes the secrets for this data folder: their lock, and the note whose they are.
  FolderLock claim(Path secrets, SecretFiles files) {
    var lock = FolderLock.take(secrets);
    if (lock == null) {
      throw new KeysException(
          KeysException.Code.FOLDER_IN_USE,
          "another server runs with the secrets of installation "
              + id
              + " in "
              + secrets
              + "; a copy of a data folder cannot run beside the original");
    }
    try {
      note(secrets.resolve(FILE), files);
      return lock;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void note(Path file, SecretFiles files) {
    var here = real();
    var noted = noted(file, files);
    if (here.equals(noted)) {
      return;
    }
    if (noted != null && standsThere(noted, here, files)) {
      throw new KeysException(
          KeysException.Code.INSTALLATION_DAMAGED,
          here
              + " is a copy: installation "
              + id
              + " has its data in "
              + noted
              + ", which is still there; start that one. A second installation needs an empty data"
              + " folder; if this one is to take the other's place for good, remove "
              + mark(noted));
    }
    var members = new LinkedHashMap<String, Object>();
    members.put("format", FORMAT);
    members.put("path", here.toString());
    files.write(file, JsonTree.write(members));
  }

  /// Whether the folder noted is another one of this installation, or cannot be looked at.
  private boolean standsThere(Path noted, Path here, SecretFiles files) {
    var mark = mark(noted);
    try {
      return !Files.notExists(mark)
          && !Files.isSameFile(noted, here)
          && InstallationSecrets.idOf(files.read(mark), mark).equals(id);
    } catch (IOException | UncheckedIOException | KeysException _) {
      return true;
    }
  }

  private Path real() {
    try {
      return data.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find " + data, e);
    }
  }

  private static @Nullable Path noted(Path file, SecretFiles files) {
    if (!Files.exists(file)) {
      return null;
    }
    var bytes = files.read(file);
    try {
      var tree = JsonTree.read(bytes);
      if (tree.text("format").equals(FORMAT)) {
        return Path.of(tree.text("path"));
      }
    } catch (IllegalArgumentException e) {
      throw InstallationSecrets.damaged(file, e);
    }
    throw InstallationSecrets.damaged(file, new IllegalArgumentException("expected " + FORMAT));
  }
}
