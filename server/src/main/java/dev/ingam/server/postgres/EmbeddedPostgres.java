package dev.ingam.server.postgres;

import dev.ingam.keys.Alarm;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/// PostgreSQL run by this server, for this server: in the data folder, on a free loopback port, by
/// password only, without a socket, with everything on that makes a commit durable. One that dies
/// is started again.
public final class EmbeddedPostgres implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Supervisor supervisor;
  private final DatabaseAccess access;

  private EmbeddedPostgres(Supervisor supervisor, DatabaseAccess access) {
    this.supervisor = supervisor;
    this.access = access;
  }

  /// Starts the database of an installation, makes it at the first start, and takes over from a
  /// killed server.
  ///
  /// @param dataDir the installation's; everything of PostgreSQL stands in `postgres` below it
  /// @param secrets the installation's folder of secrets
  /// @param atExit is handed what stops the database, before its process is there: a server that is
  ///   stopped while it starts must leave none behind. Refuses with an IllegalStateException when
  ///   the exit has begun
  /// @throws StartFailure that says why not
  public static EmbeddedPostgres start(
      Path dataDir, Path secrets, SecureRandom random, Clock clock, Consumer<Runnable> atExit) {
    var folder = dataDir.resolve("postgres");
    var files = new PosixFiles();
    try {
      files.makeFolder(folder);
      letThrough(dataDir);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      var home = folder.toRealPath();
      var software = Software.unpack(home);
      var probe = List.of(software.program("postgres").toString(), "--version");
      var account = Account.choose(home.resolve("data"), probe);
      var cluster = new Cluster(software, account, home, Cluster.made(secrets));
      var passwords = new Passwords(files, secrets, random);
      cluster.prepare(passwords);
      var supervisor = new Supervisor(clock);
      atExit.accept(supervisor::close);
      return start(cluster, passwords, supervisor);
    } catch (IOException | UncheckedIOException e) {
      throw new StartFailure(
          "a folder " + folder + " that can be written",
          e.toString(),
          "free space or correct its rights",
          e);
    }
  }

  /// Root's PostgreSQL runs as somebody else, who must get through the data folder to its own; what
  /// stands in it stays closed.
  private static void letThrough(Path dataDir) throws IOException {
    if (Account.isRoot()) {
      var permissions = Files.getPosixFilePermissions(dataDir);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
      Files.setPosixFilePermissions(dataDir, permissions);
    }
  }

  private static EmbeddedPostgres start(Cluster cluster, Passwords passwords, Supervisor supervisor)
      throws IOException {
    try {
      int port = start(cluster, supervisor);
      var access = new Roles(port, passwords).ensure();
      supervisor.watch();
      return new EmbeddedPostgres(supervisor, access);
    } catch (IOException | RuntimeException e) {
      supervisor.close();
      throw e;
    }
  }

  /// On a free port, which another program may take before PostgreSQL does.
  private static int start(Cluster cluster, Supervisor supervisor) throws IOException {
    for (int attempt = 1; ; attempt++) {
      var port = freePort();
      try {
        supervisor.start(new Launch(cluster, port));
        return port;
      } catch (StartFailure e) {
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("in use")) {
          throw e;
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  public DatabaseAccess access() {
    return access;
  }

  /// The process of the postmaster.
  public long pid() {
    return supervisor.pid();
  }

  /// That it died, or does not run.
  public List<Alarm> alarms() {
    return supervisor.alarms();
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
