package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed under load, ten times. Whatever it had answered holds afterwards.
@Tag("full")
class KillLoopTest {
  private static final int ROUNDS = 10;
  private static final int REDEMPTIONS = 1_000;
  private static final int THREADS = 8;

  @TempDir Path home;

  @Test
  void kill9_underLoad_losesNothingThatWasAnswered() throws Exception {
    var clients = new LoadClients(THREADS);
    try (var first = ServerProcess.ready(home)) {
      clients.register(first, home);
    }
    for (int round = 1; round <= ROUNDS; round++) {
      var before = clients.redeemedCount();
      try (var server = ServerProcess.ready(home)) {
        clients.makeClient(server, home, "round-" + round);
        clients.redeemUntil(server, REDEMPTIONS, server::kill);
      }
      assertThat(clients.redeemedCount() - before).isGreaterThanOrEqualTo(REDEMPTIONS);
      try (var server = ServerProcess.ready(home)) {
        assertThat(clients.problems(server, home)).isEmpty();
        clients.assertClientsAreThere(server, home);
        clients.assertIssuedAreStillAccepted(server);
        clients.assertRedeemedStayRedeemed(server);
      }
    }
  }
}
