package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server whose books, journal and PostgreSQL share a disk that is full to its last byte.
@Tag("full")
class DiskFullTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int DISK_MEBIBYTES = 1024;
  private static final int SOME = 50;
  private static final int MORE_THAN_THE_DATABASE_TAKES = 20_000;

  @TempDir Path folder;
  private final LoadClients clients = new LoadClients(1);

  @Test
  void disk_fullUnderARunningServer_honestTokensGoOnAndAllComesBack() throws Exception {
    var home = Files.createDirectory(folder.resolve("home"));
    try (var disk = SmallDisk.at(home, DISK_MEBIBYTES)) {
      try (var server = ServerProcess.ready(home)) {
        clients.register(server, home);
        clients.issueForLater(server, SOME);
        clients.redeemNew(server, SOME);
        disk.fill();

        assertThat(clientsUntilRefused(server, home)).isEqualTo(503);
        clients.assertIssuedAreStillAccepted(server);
        clients.assertRedeemedStayRedeemed(server);

        disk.makeRoom();
        Until.isTrue("issues again", PATIENCE, () -> clients.askToken(server).statusCode() == 200);
        Until.isTrue(
            "the database takes clients again",
            PATIENCE,
            () -> clients.tryClient(server, home, "later").statusCode() == 201);
        clients.assertClientsAreThere(server, home);
        clients.issueForLater(server, SOME);
        clients.redeemNew(server, SOME);
        assertNothingIsProven(server, home);
      }
    }
  }

  @Test
  void server_killedOnAFullDisk_laterStartKnowsAll() throws Exception {
    var home = Files.createDirectory(folder.resolve("home"));
    try (var disk = SmallDisk.at(home, DISK_MEBIBYTES)) {
      try (var server = ServerProcess.ready(home)) {
        clients.register(server, home);
        disk.fill();
        clients.issueForLater(server, SOME);
        clients.redeemNew(server, SOME);
        assertThat(clientsUntilRefused(server, home)).isEqualTo(503);
        server.kill();
      }
      disk.makeRoom();
      try (var server = ServerProcess.ready(home)) {
        clients.assertIssuedAreStillAccepted(server);
        clients.assertRedeemedStayRedeemed(server);
        clients.assertClientsAreThere(server, home);
        clients.redeemNew(server, SOME);
        assertNothingIsProven(server, home);
      }
    }
  }

  /// The first answer that is not a new client.
  private int clientsUntilRefused(ServerProcess server, Path home) throws Exception {
    for (int i = 0; i < MORE_THAN_THE_DATABASE_TAKES; i++) {
      var status = clients.tryClient(server, home, "client-" + i).statusCode();
      if (status != 201) {
        return status;
      }
    }
    return 201;
  }

  private void assertNothingIsProven(ServerProcess server, Path home) throws Exception {
    assertThat(clients.admin(server, home, "/admin/proofs").get("proofs")).isEmpty();
  }
}
