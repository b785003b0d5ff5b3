package dev.ingam.server.postgres;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.server.start.Secret;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// The folder of the database: made once by initdb, of one major version, used by one postmaster.
///
/// @param home everything of PostgreSQL: its programs, its log, its files in `data`
/// @param made a file beside the secrets that says that the folder exists; if it does not, it was
///   lost
record Cluster(Software software, Account account, Path home, Path made) {
  private static final SecretFiles FILES = new PosixFiles();

  /// The superuser, used to make roles and database only.
  static final String SUPERUSER = "ingam_admin";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// The file beside the secrets that says that a database was made.
  static Path made(Path secrets) {
    return secrets.resolve("database.made");
  }

  Path data() {
    return home.resolve("data");
  }

  /// Makes the cluster if this is the first start, and otherwise checks that it can be used.
  void prepare(Passwords passwords) throws IOException {
    if (Files.exists(data())) {
      checkVersion();
      free();
      return;
    }
    if (Files.exists(made)) {
      throw new StartFailure(
          "the database of this installation in " + data(),
          "no such folder",
          "restore the data folder from its backup; the secrets of this installation are kept apart and still there");
    }
    make(passwords.of(SUPERUSER));
    write(made, data().toAbsolutePath().toString());
  }

  private void make(Secret password) throws IOException {
    var fresh = home.resolve("data.new");
    deleteTree(fresh);
    Files.createDirectory(fresh);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
    account.own(fresh);
    var file = home.resolve("initdb.password");
    try {
      write(file, password.value());
      account.own(file);
      var ended = Command.run(account.command(initdb(fresh, file)));
      if (ended.code() != 0) {
        throw new StartFailure(
            "initdb to make a database in " + data(),
            ended.lastLine(),
            "free space or correct the folder's rights, and start again");
      }
    } finally {
      FILES.delete(file);
    }
    Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
    // Before it is written that there is a database: the two may be on different disks.
    try (var folder = FileChannel.open(home, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static void write(Path file, String line) {
    FILES.write(file, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private List<String> initdb(Path fresh, Path passwordFile) {
    return List.of(
        software.program("initdb").toString(),
        "--pgdata=" + fresh,
        "--username=" + SUPERUSER,
        "--pwfile=" + passwordFile,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C");
  }

  private void checkVersion() throws IOException {
    var file = data().resolve("PG_VERSION");
    var version = Files.exists(file) ? Files.readString(file).strip() : "none";
    if (!version.equals(Software.MAJOR)) {
      throw new StartFailure(
          "a database of PostgreSQL " + Software.MAJOR + " in " + data(),
          "version " + version,
          "back it up with the Ingam that made it (pg_dump) and restore it into a new data folder of this one (pg_restore)");
    }
  }

  /// Makes the folder free for a new postmaster: one of a killed server may still run, with
  /// yesterday's options, and so may children of one that died.
  void free() throws IOException {
    var postmaster = Postmaster.read(data());
    if (postmaster != null) {
      switch (postmaster.kind(data(), home)) {
        case OURS -> stop(postmaster.pid());
        case FOREIGN ->
            throw new StartFailure(
                "no other PostgreSQL on " + data(),
                "process " + postmaster.pid() + ", which is not of our software",
                "stop it and start again");
        case GONE -> Files.deleteIfExists(data().resolve("postmaster.pid"));
      }
    }
    if (!Postmaster.await(PATIENCE, this::isUnused)) {
      throw new StartFailure(
          "no process on " + data(),
          "processes " + Postmaster.processesIn(data()),
          "stop them and start again");
    }
  }

  /// Stops a postmaster of ours, first kindly.
  void stop(long pid) throws IOException {
    for (var signal : List.of("INT", "QUIT")) {
      Command.signal(signal, pid);
      if (Postmaster.await(PATIENCE, () -> isGone(pid))) {
        return;
      }
    }
    throw new StartFailure(
        "PostgreSQL on " + data() + " to stop",
        "process " + pid + " still runs",
        "stop it by hand");
  }

  private boolean isGone(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
  }

  private boolean isUnused() {
    try {
      return Postmaster.processesIn(data()).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
