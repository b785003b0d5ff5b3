package dev.ingam.server.postgres;

import dev.ingam.server.start.StartFailure;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL run by this server, for this server: in the data folder, on a free loopback port, by
/// password only, without a socket, with everything on that makes a commit durable.
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration RECOVERY = Duration.ofMinutes(10);
  private static final int ATTEMPTS = 3;

  /// Given on the command line, so that nothing in the folder can say otherwise.
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("max_connections", "40"),
          Map.entry("shared_buffers", "64MB"),
          Map.entry("jit", "off"),
          Map.entry("ssl", "off"),
          Map.entry("logging_collector", "off"),
          Map.entry("log_destination", "stderr"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_statement", "none"),
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_parameter_max_length_on_error", "0"));

  private final Cluster cluster;
  private final Process process;
  private final DatabaseAccess access;

  private EmbeddedPostgres(Cluster cluster, Process process, DatabaseAccess access) {
    this.cluster = cluster;
    this.process = process;
    this.access = access;
  }

  /// Starts the database of an installation, makes it at the first start, and takes over from a
  /// killed server.
  ///
  /// @param dataDir the installation's; everything of PostgreSQL stands in `postgres` below it
  /// @param secrets the installation's folder of secrets
  /// @throws StartFailure that says why not
  public static EmbeddedPostgres start(Path dataDir, Path secrets, SecureRandom random) {
    return start(dataDir, secrets, random, stop -> {});
  }

  /// The same; `atExit` is handed what stops the database, from the moment that its process is
  /// there: a server that is stopped while it starts must leave none behind. Refuses with an
  /// IllegalStateException when the exit has begun.
  static EmbeddedPostgres start(
      Path dataDir, Path secrets, SecureRandom random, Consumer<Runnable> atExit) {
    var folder = dataDir.resolve("postgres");
    try {
      Files.createDirectories(folder);
      letThrough(dataDir);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      var home = folder.toRealPath();
      var software = Software.unpack(home);
      var probe = List.of(software.program("postgres").toString(), "--version");
      var account = Account.choose(home.resolve("data"), probe);
      var cluster = new Cluster(software, account, home, secrets.resolve("database.made"));
      var passwords = new Passwords(secrets, random);
      cluster.prepare(passwords);
      return start(cluster, passwords, atExit);
    } catch (IOException e) {
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

  private static EmbeddedPostgres start(
      Cluster cluster, Passwords passwords, Consumer<Runnable> atExit) throws IOException {
    for (int attempt = 1; ; attempt++) {
      var port = freePort();
      var process = launch(cluster, port);
      stopAtExit(cluster, process, atExit);
      if (isReady(cluster, process)) {
        return open(cluster, process, port, passwords);
      }
      var said = lastFatal(cluster);
      if (attempt == ATTEMPTS || !said.contains("in use")) {
        throw new StartFailure(
            "PostgreSQL to start on " + cluster.data(), said, "see " + log(cluster));
      }
    }
  }

  private static EmbeddedPostgres open(
      Cluster cluster, Process process, int port, Passwords passwords) throws IOException {
    try {
      return new EmbeddedPostgres(cluster, process, new Roles(port, passwords).ensure());
    } catch (IOException | RuntimeException e) {
      cluster.stop(process.pid());
      throw e;
    }
  }

  private static void stopAtExit(Cluster cluster, Process process, Consumer<Runnable> atExit) {
    try {
      atExit.accept(() -> stop(cluster, process));
    } catch (IllegalStateException e) {
      stop(cluster, process);
      throw e;
    }
  }

  private static void stop(Cluster cluster, Process process) {
    try {
      if (process.isAlive()) {
        cluster.stop(process.pid());
      }
    } catch (IOException | StartFailure e) {
      LOG.atWarn().setCause(e).log("PostgreSQL did not stop");
    }
  }

  private static Process launch(Cluster cluster, int port) throws IOException {
    var words = new ArrayList<String>();
    words.add(cluster.software().program("postgres").toString());
    words.addAll(List.of("-D", cluster.data().toString(), "-p", Integer.toString(port)));
    OPTIONS.forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
    words.addAll(List.of("-c", "hba_file=" + hba(cluster)));
    var command = new ArrayList<>(cluster.account().command(words));
    if (Command.succeeds(List.of("setsid", "true"))) {
      command.addFirst(
          "setsid"); // the terminal's ctrl-C is for the server, which stops PostgreSQL last
    }
    return Command.builder(command)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(log(cluster).toFile())
        .start();
  }

  /// Who may connect: over loopback, with a password, nobody else.
  private static Path hba(Cluster cluster) throws IOException {
    var file = cluster.home().resolve("hba.conf");
    Files.writeString(file, "host all all 127.0.0.1/32 scram-sha-256\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private static boolean isReady(Cluster cluster, Process process) {
    Postmaster.await(RECOVERY, () -> !process.isAlive() || saysReady(cluster, process.pid()));
    return process.isAlive();
  }

  private static boolean saysReady(Cluster cluster, long pid) {
    try {
      var postmaster = Postmaster.read(cluster.data());
      return postmaster != null && postmaster.pid() == pid && postmaster.ready();
    } catch (IOException e) {
      return false;
    }
  }

  private static String lastFatal(Cluster cluster) throws IOException {
    var lines = Files.readAllLines(log(cluster), StandardCharsets.UTF_8);
    return lines.stream()
        .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
        .reduce((first, second) -> second)
        .orElse(lines.isEmpty() ? "nothing" : lines.getLast());
  }

  private static Path log(Cluster cluster) {
    return cluster.home().resolve("postgres.log");
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
    return process.pid();
  }

  @Override
  public void close() {
    stop(cluster, process);
  }
}
