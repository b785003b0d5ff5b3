package dev.ingam.server.postgres;

import dev.ingam.server.start.StartFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// PostgreSQL's programs, unpacked once per version from the jar that carries them (a `tar.xz`)
/// into the data folder.
record Software(Path home) {
  /// The major version of the data folders that these programs read.
  static final String MAJOR = "18";

  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> DATA = PosixFilePermissions.fromString("rw-r--r--");
  private static final int OWNER_MAY_RUN = 0100;
  private static final String LEFTOVER = "unpacking-";

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /// The programs for this machine below `folder`, unpacked if they are not there yet.
  ///
  /// @throws StartFailure when there are none for this machine
  static Software unpack(Path folder) throws IOException {
    var archive = archive();
    var home = folder.resolve("software-" + MAJOR + "-" + checksum(archive));
    if (!Files.isDirectory(home)) {
      removeLeftovers(folder);
      var fresh = Files.createTempDirectory(folder, LEFTOVER);
      try (var bytes = new BufferedInputStream(archive.openStream());
          var tar = new TarArchiveInputStream(new XZCompressorInputStream(bytes))) {
        extract(tar, fresh);
      }
      letOthersIn(fresh);
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return new Software(home);
  }

  /// What a start that broke off here unpacked so far.
  private static void removeLeftovers(Path folder) throws IOException {
    try (var left = Files.newDirectoryStream(folder, LEFTOVER + "*")) {
      for (var each : left) {
        Cluster.deleteTree(each);
      }
    }
  }

  private static URL archive() {
    var system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    var name =
        switch (system.toLowerCase(Locale.ROOT)) {
          case "linux amd64" -> "/postgres-linux-x86_64.txz";
          case "linux aarch64" -> "/postgres-linux-arm_64.txz";
          default -> "";
        };
    var found = name.isEmpty() ? null : Software.class.getResource(name);
    if (found == null) {
      throw new StartFailure(
          "PostgreSQL's programs for this machine",
          system + ", for which none are included",
          "set ingam.database.url to a PostgreSQL " + MAJOR + " of yours");
    }
    return found;
  }

  /// The checksum that the jar holds: known without reading 15 MB at each start.
  private static String checksum(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    return Long.toHexString(archive.openConnection().getContentLengthLong());
  }

  private static void extract(TarArchiveInputStream tar, Path target) throws IOException {
    for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
      var file = target.resolve(entry.getName()).normalize();
      if (!file.startsWith(target)) {
        throw new IOException("the archive of PostgreSQL leaves its folder: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
      } else if (!file.toString().endsWith(".a")) {
        Files.createDirectories(file.getParent());
        write(tar, entry, file);
      }
    }
  }

  /// Into its folders, which nobody but we may change: until now all of it was closed, and the
  /// umask says nothing.
  private static void letOthersIn(Path fresh) throws IOException {
    try (var files = Files.walk(fresh)) {
      for (var folder : files.filter(Files::isDirectory).toList()) {
        Files.setPosixFilePermissions(folder, PROGRAM);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, file);
    Files.setPosixFilePermissions(file, (entry.getMode() & OWNER_MAY_RUN) == 0 ? DATA : PROGRAM);
  }
}
