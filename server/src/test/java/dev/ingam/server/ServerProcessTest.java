package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only a process shows: exit codes, what goes where, signals.
class ServerProcessTest {
  @TempDir Path home;

  @Test
  void words_notUnderstood_showTheUsage() throws Exception {
    try (var server = ServerProcess.launch(home, List.of("--port", "1"))) {
      assertThat(server.exitCode()).isEqualTo(2);
      assertThat(server.err()).contains("unknown: --port").contains("Usage: ingam serve");
      assertThat(server.out()).isEmpty();
    }
  }

  @Test
  void start_thatFails_saysOneLineAndNoStackTrace() throws Exception {
    var words =
        List.of(
            "--data-dir", "/proc/ingam", "--public-port=0", "--internal-port=0", "--admin-port=0");
    try (var server = ServerProcess.launch(home, words)) {
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.err().lines()).hasSize(1);
      assertThat(server.err()).startsWith("Ingam does not start: ").contains("/proc/ingam");
      assertThat(server.out()).isEmpty();
    }
  }

  /// The programs of PostgreSQL, its write-ahead log and the ledger's book each need more than the
  /// limits here.
  @Test
  @Tag("full")
  void disk_full_isSaidAndNothingIsDamaged() throws Exception {
    for (var kibibytes : new int[] {1 << 10, 12 << 10, 30 << 10, 31 << 10}) {
      try (var server = ServerProcess.launchWithin(kibibytes, home)) {
        assertThat(server.exitCode()).as(server.err()).isEqualTo(1);
        assertThat(server.err()).contains("Ingam does not start: ").doesNotContain("unexpected");
        assertThat(server.err().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
      }
    }
    var clients = new LoadClients(1);
    try (var server = ServerProcess.ready(home)) {
      clients.register(server, home);
      assertThat(clients.redeemNew(server, 1)).isOne();
      assertThat(clients.problems(server, home)).isEmpty();
    }
  }

  @Test
  void kill9_thenTerm_losesNothingAndLeavesNothingRunning() throws Exception {
    var data = home.resolve("data");
    var clients = new LoadClients(1);
    try (var server = ServerProcess.ready(home)) {
      clients.register(server, home);
      assertThat(clients.redeemNew(server, 20)).isEqualTo(20);
      clients.issueForLater(server, 5);
      assertThat(server.out()).contains(server.url("public").toString());
      server.kill();
    }
    try (var server = ServerProcess.ready(home)) {
      clients.assertRedeemedStayRedeemed(server);
      clients.assertIssuedAreStillAccepted(server);
      server.terminate();
      assertThat(server.exitCode()).isEqualTo(128 + 15);
      assertThat(server.err()).doesNotContain("Exception");
    }
    assertThat(data.resolve("run/ports.json")).doesNotExist();
    assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
    assertThat(Files.isDirectory(data)).isTrue();
  }
}
