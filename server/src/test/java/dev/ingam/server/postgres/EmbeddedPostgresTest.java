package dev.ingam.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.Alarm;
import dev.ingam.server.start.StartFailure;
import dev.ingam.testkit.Until;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// On one cluster, because making one takes seconds; the tests that stop it come last.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedPostgresTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  // AuthenticationCleartextPassword and AuthenticationMD5Password of the wire protocol.
  private static final int CLEAR_TEXT = 3;
  private static final int MD5 = 5;

  @TempDir static Path home;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(home.resolve("secrets"));
    postgres = open();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  private static EmbeddedPostgres open() {
    return start(stop -> {});
  }

  private static Path data() {
    return home.resolve("postgres").resolve("data");
  }

  private static Connection connect(DatabaseAccess.Login login) throws SQLException {
    return connect(login.role(), login.password().value());
  }

  private static Connection connect(String role, String password) throws SQLException {
    return DriverManager.getConnection(postgres.access().url(), role, password);
  }

  /// As if the server had been killed: its threads are gone.
  private static void nobodyWatches() throws InterruptedException {
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("postgres-watch")) {
        thread.interrupt();
        thread.join();
      }
    }
  }

  private static String modeOf(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  @Order(1)
  void anotherUser_withoutThePassword_isRefused() throws SQLException {
    for (var role : List.of("ingam_server", "ingam_owner", "ingam_admin", "postgres", "root")) {
      for (var password : List.of("", role, "postgres")) {
        assertThatThrownBy(() -> connect(role, password))
            .isInstanceOf(SQLException.class)
            .satisfies(
                e -> assertThat(((SQLException) e).getSQLState()).isIn("28P01", "08004", "28000"));
      }
    }
    try (var connection = connect(postgres.access().server())) {
      assertThat(ask(connection, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  @Order(1)
  void socket_isNowhere() throws IOException {
    var socketFolder = Files.readAllLines(data().resolve("postmaster.pid")).get(4);
    assertThat(socketFolder).isEmpty();
  }

  @Test
  @Order(1)
  void files_areForNobodyElse() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
        .isEqualTo("rwx------");
    try (var secrets = Files.list(home.resolve("secrets"))) {
      var files = secrets.toList();
      assertThat(files).hasSizeGreaterThanOrEqualTo(4);
      for (var file : files) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(home.resolve("postgres").resolve("initdb.password")).doesNotExist();
  }

  @Test
  @Order(1)
  void commits_areDurable() throws SQLException {
    try (var connection = connect(postgres.access().server())) {
      assertThat(ask(connection, "SHOW fsync")).isEqualTo("on");
      assertThat(ask(connection, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(ask(connection, "SHOW full_page_writes")).isEqualTo("on");
      assertThat(ask(connection, "SHOW server_version")).startsWith(Software.MAJOR);
    }
  }

  @Test
  @Order(1)
  void check_commitNotDurable_stopsTheStart() {
    var access = postgres.access();
    var url = access.url() + "&options=-c%20synchronous_commit=off";
    var login = access.server();
    var source = new DriverManagerDataSource(url, login.role(), login.password().value());
    assertThatThrownBy(() -> Durability.check(source))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("synchronous_commit = off");
    source.setUrl(access.url());
    assertThatCode(() -> Durability.check(source)).doesNotThrowAnyException();
  }

  @Test
  @Order(1)
  void serverRole_ownsNothingAndMakesNothing() throws SQLException {
    try (var connection = connect(postgres.access().server())) {
      for (var sql :
          List.of(
              "CREATE SCHEMA mine",
              "CREATE TABLE public.mine (id int)",
              "CREATE ROLE mine",
              "COPY (SELECT 1) TO PROGRAM 'true'",
              "SELECT pg_read_file('PG_VERSION')")) {
        assertThatThrownBy(() -> run(connection, sql)).hasMessageContaining("permission denied");
      }
      assertThat(
              ask(
                  connection,
                  "SELECT count(*) FROM pg_class c JOIN pg_roles r ON c.relowner = r.oid"
                      + " WHERE r.rolname = 'ingam_server'"))
          .isEqualTo("0");
    }
  }

  @Test
  @Order(2)
  void start_aProcessOfOthersOnTheFolder_stopsTheStart() throws IOException {
    var other = home.resolve("other");
    Files.createDirectories(other.resolve("postgres/data"));
    Files.writeString(other.resolve("postgres/data/PG_VERSION"), "18\n");
    var process =
        new ProcessBuilder("sleep", "600")
            .directory(other.resolve("postgres/data").toFile())
            .start();
    try {
      Files.writeString(other.resolve("postgres/data/postmaster.pid"), process.pid() + "\n");
      assertThatThrownBy(() -> start(other, stop -> {}))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("process " + process.pid());
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @Order(2)
  void start_otherMajorVersion_namesBackupAndRestore() throws IOException {
    var other = home.resolve("old");
    Files.createDirectories(other.resolve("postgres/data"));
    Files.writeString(other.resolve("postgres/data/PG_VERSION"), "16\n");
    assertThatThrownBy(() -> start(other, stop -> {}))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("came version 16")
        .hasMessageContaining("pg_dump")
        .hasMessageContaining("pg_restore");
    assertThat(Files.readString(other.resolve("postgres/data/PG_VERSION"))).isEqualTo("16\n");
  }

  @Test
  @Order(2)
  void start_databaseLost_doesNotMakeAnEmptyOne() {
    var other = home.resolve("lost");
    assertThatThrownBy(() -> start(other, stop -> {}))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("restore the data folder");
    assertThat(other.resolve("postgres/data")).doesNotExist();
  }

  @Test
  @Order(3)
  void start_afterKill9_hasEveryCommit() throws Exception {
    try (var owner = connect(postgres.access().owner())) {
      run(owner, "CREATE SCHEMA kept");
      run(owner, "CREATE TABLE kept.row AS SELECT generate_series(1, 10000) AS id");
      nobodyWatches();
      Command.signal("KILL", postgres.pid());
    }
    postgres = open();
    try (var owner = connect(postgres.access().owner())) {
      assertThat(ask(owner, "SELECT count(*) FROM kept.row")).isEqualTo("10000");
    }
  }

  @Test
  @Order(4)
  void start_postmasterLeftByAKilledServer_isReplaced() throws Exception {
    var left = postgres;
    nobodyWatches();
    postgres = open();
    assertThat(ProcessHandle.of(left.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(postgres.pid()).isNotEqualTo(left.pid());
    try (var server = connect(postgres.access().server())) {
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  @Order(5)
  void start_pidFileOfAProcessThatIsAnother_isRemoved() throws Exception {
    postgres.close();
    Files.writeString(data().resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");
    postgres = open();
    assertThat(Postmaster.read(data())).isEqualTo(new Postmaster(postgres.pid(), true));
  }

  @Test
  @Order(6)
  void close_stopsEveryProcess() throws IOException {
    var data = data().toRealPath();
    postgres.close();
    assertThat(Postmaster.processesIn(data)).isEmpty();
    assertThat(data.resolve("postmaster.pid")).doesNotExist();
    postgres = open();
  }

  /// On the same port, so that a pool just connects again.
  @Test
  @Order(4)
  void postmaster_killed_isStartedAgainWithEveryCommit() throws Exception {
    assertThat(postgres.alarms()).isEmpty();
    var first = postgres.pid();
    Command.signal("KILL", first);
    var answer = Until.get("an answer of the next", PATIENCE, this::rows, "10000"::equals);
    assertThat(answer).isEqualTo("10000");
    assertThat(postgres.pid()).isNotEqualTo(first);
    assertThat(alarms()).containsExactly("database_restarted");
    assertThat(modeOf(home.resolve("postgres/postgres.log"))).isEqualTo("rw-------");
    assertThat(home.resolve("postgres/postgres.log"))
        .content()
        .contains("database system was interrupted")
        .contains("starting PostgreSQL");
  }

  /// Whoever ends it, and as often as he does.
  @Test
  @Order(4)
  void postmaster_stoppedBySomebodyElse_isStartedAgain() throws Exception {
    var before = postgres.pid();
    Command.signal("INT", before);
    Until.get("an answer of the next", PATIENCE, this::rows, "10000"::equals);
    assertThat(postgres.pid()).isNotEqualTo(before);
    assertThat(alarms()).containsExactly("database_restarted");
  }

  /// A restart that cannot be has no end but the close, which waits for nothing.
  @Test
  @Order(5)
  void close_whileARestartIsTried_leavesNoProcess() throws Exception {
    var data = data().toRealPath();
    var inTheWay = new ProcessBuilder("sleep", "600").directory(data.toFile()).start();
    try {
      Command.signal("KILL", postgres.pid());
      Until.isTrue("down", PATIENCE, () -> alarms().equals(List.of("database_down")));
      postgres.close();
      assertThat(inTheWay.isAlive()).isTrue();
    } finally {
      inTheWay.destroyForcibly().waitFor();
    }
    Until.isTrue("no process", PATIENCE, () -> Postmaster.processesIn(data).isEmpty());
    postgres = open();
  }

  private List<String> alarms() {
    return postgres.alarms().stream().map(Alarm::code).toList();
  }

  /// What the database holds; nothing while it is away.
  private String rows() {
    try (var owner = connect(postgres.access().owner())) {
      return ask(owner, "SELECT count(*) FROM kept.row");
    } catch (SQLException e) {
      return "";
    }
  }

  /// Who takes the port while PostgreSQL is away, and asks for the password.
  @Test
  @Order(1)
  void programInItsPlace_isNotToldThePassword() throws Exception {
    var login = postgres.access().server();
    for (int wanted : new int[] {CLEAR_TEXT, MD5}) {
      try (var fake = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
          var asker = Executors.newSingleThreadExecutor()) {
        var heard = asker.submit(() -> askForPassword(fake, wanted));
        var url = postgres.access().url().replaceFirst(":[0-9]+/", ":" + fake.getLocalPort() + "/");
        assertThatThrownBy(
                () -> DriverManager.getConnection(url, login.role(), login.password().value()))
            .isInstanceOf(SQLException.class);
        assertThat(heard.get()).isEmpty();
      }
    }
  }

  /// What comes after the start message, which it answers with `AuthenticationRequest`.
  private static byte[] askForPassword(ServerSocket fake, int wanted) throws IOException {
    try (var socket = fake.accept()) {
      socket.setSoTimeout(20_000);
      var in = new DataInputStream(socket.getInputStream());
      in.readNBytes(in.readInt() - Integer.BYTES);
      var out = new DataOutputStream(socket.getOutputStream());
      out.writeByte('R');
      out.writeInt(wanted == MD5 ? 12 : 8);
      out.writeInt(wanted);
      out.write(new byte[wanted == MD5 ? 4 : 0]);
      return in.readAllBytes();
    }
  }

  @Test
  @Order(6)
  void log_leftOpenByAnEarlierVersion_isClosed() throws IOException {
    var log = home.resolve("postgres/postgres.log");
    postgres.close();
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
    postgres = open();
    assertThat(modeOf(log)).isEqualTo("rw-------");
  }

  @Test
  @Order(6)
  void start_passwordThatOthersCanRead_isRefused() throws IOException {
    var password = home.resolve("secrets/database-ingam_server.password");
    postgres.close();
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(EmbeddedPostgresTest::open)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(password.toString());
    assertThat(Postmaster.processesIn(data().toRealPath())).isEmpty();
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    postgres = open();
  }

  /// As a start leaves it that was killed while it unpacked.
  @Test
  @Order(6)
  void programs_unpackedInPart_areRemoved() throws IOException {
    postgres.close();
    var folder = home.resolve("postgres");
    var left = Files.createDirectories(folder.resolve("unpacking-1/bin"));
    Files.writeString(left.resolve("postgres"), "half");
    try (var programs = Files.newDirectoryStream(folder, "software-*")) {
      for (var each : programs) {
        Cluster.deleteTree(each);
      }
    }
    postgres = open();
    assertThat(folder.resolve("unpacking-1")).doesNotExist();
  }

  /// Whoever stops a server that is still starting must find no database left behind.
  @Test
  @Order(7)
  void start_stoppedMeanwhile_leavesNoProcess() throws IOException {
    postgres.close();
    var stops = new ArrayList<Runnable>();
    postgres = start(stops::add);
    assertThat(stops).hasSize(1);
    stops.getFirst().run();
    assertThat(Postmaster.processesIn(data().toRealPath())).isEmpty();
    stops.getFirst().run();
    assertThatThrownBy(() ->
            start(stop -> {
              throw new IllegalStateException("shutdown in progress");
            }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Postmaster.processesIn(data().toRealPath())).isEmpty();
    postgres = open();
  }

  private static EmbeddedPostgres start(Consumer<Runnable> atExit) {
    return start(home, atExit);
  }

  private static EmbeddedPostgres start(Path dataDir, Consumer<Runnable> atExit) {
    return EmbeddedPostgres.start(
        dataDir, home.resolve("secrets"), new SecureRandom(), Clock.systemUTC(), atExit);
  }
}
