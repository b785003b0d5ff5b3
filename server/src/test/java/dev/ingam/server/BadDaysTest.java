package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server process under load whose database has bad days. Nobody starts anything again by hand.
@Tag("full")
class BadDaysTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int THREADS = 4;
  private static final int ROUNDS = 3;
  private static final int ENOUGH = 300;

  @TempDir Path home;
  private final LoadClients clients = new LoadClients(THREADS);

  /// What the load saw, where only answers that arrived count.
  private static final class Tally {
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger notIssued = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  }

  /// Each token is got, used, and tried once more.
  private void useOne(ServerProcess server, Tally tally) throws IOException {
    var answer = clients.askToken(server);
    if (answer.statusCode() == 503) {
      tally.notIssued.incrementAndGet();
      return;
    }
    if (answer.statusCode() != 200) {
      tally.wrong.add("token " + answer.statusCode());
      return;
    }
    var token = clients.token(answer);
    var first = clients.gate(server, token, "/x");
    var second = clients.gate(server, token, "/x");
    if (first.statusCode() != 200) {
      tally.wrong.add("honest " + first.statusCode() + " " + LoadClients.reason(first));
    }
    if (second.statusCode() != 401 || !LoadClients.reason(second).equals("already_redeemed")) {
      tally.wrong.add("again " + second.statusCode() + " " + LoadClients.reason(second));
    }
    tally.accepted.incrementAndGet();
  }

  private void load(ServerProcess server, Tally tally, AtomicBoolean over) {
    while (!over.get()) {
      try {
        useOne(server, tally);
      } catch (IOException e) {
        tally.wrong.add("no answer: " + e.getClass().getSimpleName());
      }
    }
  }

  private static void awaitMore(Tally tally) {
    var from = tally.accepted.get();
    Until.isTrue("goes on", PATIENCE, () -> tally.accepted.get() >= from + ENOUGH);
  }

  private void assertNothingIsProven(ServerProcess server) throws IOException {
    assertThat(clients.admin(server, home, "/admin/proofs").get("proofs")).isEmpty();
  }

  @Test
  void database_killedAndCutOffUnderLoad_nobodyHonestNotices() throws Exception {
    var postgres = new PostgresProcesses(home);
    var tally = new Tally();
    var over = new AtomicBoolean();
    try (var server = ServerProcess.ready(home);
        var pool = Executors.newFixedThreadPool(THREADS)) {
      clients.register(server, home);
      for (int i = 0; i < THREADS; i++) {
        var _ = pool.submit(() -> load(server, tally, over));
      }
      try {
        awaitMore(tally);
        for (int round = 1; round <= ROUNDS; round++) {
          var before = postgres.postmaster();
          postgres.kill();
          Until.isTrue(
              "another postmaster",
              PATIENCE,
              () -> postgres.postmaster() != 0 && postgres.postmaster() != before);
          awaitMore(tally);
          Until.isTrue("connections", PATIENCE, () -> postgres.cutConnections() > 0);
          awaitMore(tally);
        }
      } finally {
        over.set(true);
      }
      pool.shutdown();
      assertThat(tally.wrong).isEmpty();
      assertNothingIsProven(server);
      Until.isTrue(
          "well again",
          PATIENCE,
          () -> clients.problems(server, home).equals(List.of("database_restarted")));
      clients.makeClient(server, home, "later");
    }
  }

  @Test
  void database_frozen_issuingEndsWithTheLeaseVerificationGoesOnAndAllComesBack() throws Exception {
    var postgres = new PostgresProcesses(home);
    try (var server = ServerProcess.ready(home)) {
      clients.register(server, home);
      clients.addRoute(server, home, "personal", "/personal/**", "personal");
      var early = clients.token(clients.askToken(server));
      var probe = clients.token(clients.askToken(server));
      var kept = clients.token(clients.askToken(server));
      assertThat(clients.askToken(server).statusCode()).isEqualTo(200);
      postgres.freeze();
      try {
        assertThat(clients.askToken(server).statusCode()).as("within the lease").isEqualTo(200);
        Until.get(
            "issuing ends",
            PATIENCE,
            () -> clients.askToken(server).statusCode(),
            status -> status == 503);
        Until.isTrue(
            "personal data is closed",
            PATIENCE,
            () -> clients.gate(server, probe, "/personal/x").statusCode() == 503);
        assertThat(clients.gate(server, kept, "/personal/x").statusCode()).isEqualTo(503);
        assertThat(clients.gate(server, early, "/x").statusCode()).isEqualTo(200);
        var again = clients.gate(server, early, "/x");
        assertThat(LoadClients.reason(again)).isEqualTo("already_redeemed");
      } finally {
        postgres.thaw();
      }
      Until.isTrue("issues again", PATIENCE, () -> clients.askToken(server).statusCode() == 200);
      Until.isTrue(
          "serves personal data again",
          PATIENCE,
          () -> clients.gate(server, kept, "/personal/x").statusCode() == 200);
      assertNothingIsProven(server);
    }
  }
}
