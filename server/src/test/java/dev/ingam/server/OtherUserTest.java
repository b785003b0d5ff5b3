package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.Installation;
import dev.ingam.server.postgres.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What another account of the same machine gets of a running server: nothing. The other one is a
/// real process of another uid, which only root can make.
class OtherUserTest {
  /// Nobody's: neither ours nor that of the account that PostgreSQL runs as.
  private static final int UID = 54_321;

  private static final List<String> AS_OTHER =
      List.of(
          "setpriv",
          "--reuid=" + UID,
          "--regid=" + UID,
          "--clear-groups",
          "--inh-caps=-all",
          "--no-new-privs");
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir static Path home;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "only root can start a process as another user");
    assumeTrue(
        exitCode(asOther(List.of(JAVA.toString(), "-version"))) == 0,
        "needs setpriv of util-linux, and a JDK that other users may run; this one is at " + JAVA);
    // Everybody may come as far as the server's own folders: what stops them is the server's doing.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    server = TestServer.start(home);
    var secret = server.client("shop", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    assertThat(server.clientToken("shop", secret)).isNotEmpty();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static ProcessBuilder asOther(List<String> words) {
    var command = new ArrayList<>(AS_OTHER);
    command.addAll(words);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    return builder;
  }

  private static int exitCode(ProcessBuilder builder) throws InterruptedException {
    try {
      var process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      return process.waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  /// What the intruder says of each of these tasks. Its program is where everybody may read it.
  private static List<String> tries(List<String> tasks) throws Exception {
    var program = Files.createDirectories(home.resolve("program/dev/ingam/server"));
    for (var folder = program; !folder.equals(home); folder = folder.getParent()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    lend(Path.of(Intruder.class.getResource("Intruder.class").toURI()), program);
    var driver = DriverManager.getDriver("jdbc:postgresql:x").getClass();
    var jar = Path.of(driver.getProtectionDomain().getCodeSource().getLocation().toURI());
    var path = home.resolve("program") + ":" + lend(jar, home.resolve("program"));
    var process = asOther(List.of(JAVA.toString(), "-cp", path, Intruder.class.getName())).start();
    try (var in = process.getOutputStream()) {
      in.write(String.join("\n", tasks).getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(said.lines()).as(said).hasSameSizeAs(tasks);
    return said.lines().map(line -> line.substring(line.lastIndexOf('\t') + 1)).toList();
  }

  private static Path lend(Path file, Path folder) throws IOException {
    var copy = folder.resolve(file.getFileName());
    if (!Files.exists(copy)) {
      Files.copy(file, copy);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r--r--r--"));
    }
    return copy;
  }

  @Test
  void otherUser_readsNothing() throws Exception {
    var files = files();
    assertThat(files.stream().map(file -> file.getFileName().toString()))
        .contains("installation.json", "root-credential", "sealing.master", "domain-1.json")
        .contains("database-ingam_admin.password", "database-ingam_server.password")
        .contains("postgres.log", "PG_VERSION", "postmaster.pid", "installation", "ports.json");
    for (var pid : List.of(ProcessHandle.current().pid(), server.bean(Database.class).pid())) {
      files.add(Path.of("/proc/" + pid + "/environ"));
      files.add(Path.of("/proc/" + pid + "/mem"));
    }
    var tasks = new ArrayList<>(files.stream().map(file -> "read\t" + file).toList());
    for (var folder : List.of(data(), data().resolve("postgres"), secrets())) {
      tasks.add("list\t" + folder);
      tasks.add("write\t" + folder.resolve("planted"));
    }

    var results = tries(tasks);

    assertThat(results).hasSizeGreaterThan(300);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i)).as(tasks.get(i)).isEqualTo("refused: AccessDeniedException");
    }
    assertThat(tries(List.of("read\t" + open()))).containsExactly("read 1");
  }

  private static Path data() {
    return home.resolve("data");
  }

  private static Path secrets() {
    return server.bean(Installation.class).secretsDir();
  }

  /// The one file that is not secret, and that PostgreSQL must read as whoever it runs.
  private static Path open() {
    return data().resolve("postgres/hba.conf");
  }

  /// Every file of the running server, but PostgreSQL's programs and the open one.
  private static List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    var visitor =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.getFileName().toString().startsWith("software-")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.equals(open())) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          /// PostgreSQL removes files while we look.
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        };
    Files.walkFileTree(data(), visitor);
    Files.walkFileTree(home.resolve("secrets"), visitor);
    return files;
  }

  @Test
  void otherUser_cannotConnectToTheDatabase() throws Exception {
    var access = server.bean(Database.class).access();
    var tasks = new ArrayList<String>();
    for (var role : List.of("ingam_server", "ingam_owner", "ingam_admin", "postgres", "root")) {
      for (var password : List.of("", role, "ingam", "postgres")) {
        tasks.add(String.join("\t", "connect", access.url(), role, password));
      }
    }

    for (var result : tries(tasks)) {
      assertThat(result).isIn("refused: 28P01", "refused: 08004");
    }

    // Nothing but the password keeps him out: with it he would get in.
    var login = access.server();
    var known = String.join("\t", "connect", access.url(), login.role(), login.password().value());
    assertThat(tries(List.of(known))).containsExactly("connected true");
  }

  /// Where it runs as an account of its own, that one gets at the database's files and no others.
  @Test
  void postgres_whereItRunsAsAnother_readsNoSecret() throws Exception {
    int uid = (Integer) Files.getAttribute(data().resolve("postgres/data"), "unix:uid");
    assertThat(uid).isNotEqualTo(UID);
    assumeTrue(uid != 0, "root keeps the files where no account gets through to them");
    for (var file : List.of(secrets().resolve("root-credential"), data().resolve("installation"))) {
      var command =
          List.of(
              "setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "cat", "" + file);
      assertThat(exitCode(new ProcessBuilder(command))).as(file.toString()).isEqualTo(1);
    }
  }
}
