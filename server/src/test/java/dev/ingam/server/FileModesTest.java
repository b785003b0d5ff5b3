package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the server writes is for its owner alone, whatever the umask it was started with.
class FileModesTest {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  @TempDir Path home;

  @Test
  void files_underAnOpenUmask_areForTheirOwnerAlone() throws Exception {
    // So that root's PostgreSQL can run as somebody else.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    var clients = new LoadClients(1);
    var data = home.resolve("data");
    try (var server = ServerProcess.readyAfter("umask 000", home)) {
      clients.register(server, home);
      assertThat(clients.redeemNew(server, 3)).isEqualTo(3);
      assertThat(mode(data.resolve("run/ports.json"))).isEqualTo("rw-------");
      assertThat(mode(data.resolve("postgres/postgres.log"))).isEqualTo("rw-------");
      assertThat(mode(data.resolve("postgres/data"))).isEqualTo("rwx------");
    }
    assertThat(open(home.resolve("secrets"))).isEmpty();
    assertThat(open(data)).containsExactlyInAnyOrderElementsOf(meant(data));
    assertThat(writable(data)).isEmpty();
  }

  /// Whoever PostgreSQL runs as must get at its programs, and through to its data.
  private static List<String> meant(Path data) throws IOException {
    var meant = new ArrayList<>(List.of("postgres rwx--x--x", "postgres/hba.conf rw-r--r--"));
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      meant.add(" rwx--x--x");
    }
    return meant;
  }

  /// Everything below the folder, but the programs, that others than its owner may reach in any
  /// way.
  private static List<String> open(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return list(folder, files.filter(file -> !isProgram(folder, file)), false);
    }
  }

  /// Everything that others than its owner may change.
  private static List<String> writable(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return list(folder, files, true);
    }
  }

  private static List<String> list(Path folder, Stream<Path> files, boolean writable)
      throws IOException {
    var found = new ArrayList<String>();
    for (var file : files.toList()) {
      var attributes =
          Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var others = EnumSet.copyOf(attributes.permissions());
      others.removeAll(OWNERS);
      if (writable) {
        others.retainAll(
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
      }
      if (!others.isEmpty() && !attributes.isSymbolicLink()) {
        var mode = PosixFilePermissions.toString(attributes.permissions());
        found.add(folder.relativize(file) + " " + mode);
      }
    }
    return found;
  }

  private static boolean isProgram(Path folder, Path file) {
    return folder.relativize(file).toString().startsWith("postgres/software-");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
