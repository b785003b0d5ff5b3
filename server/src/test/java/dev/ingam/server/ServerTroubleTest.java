package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a running server meets: callers that nobody knows, a database that falls silent or dies.
class ServerTroubleTest {
  @TempDir static Path home;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void batch_ofAnUnknownCaller_isRefusedBeforeItsBodyComes() throws Exception {
    for (var path : new String[] {"/ledger/lookup", "/ledger/redeem", "/events/login"}) {
      var port = server.bean(Listeners.class).port(ListenerName.INTERNAL);
      try (var socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(20_000);
        var head =
            "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer nothing\r\nContent-Length: 9000\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertThat(status).as(path).isEqualTo("HTTP/1.1 401");
      }
    }
  }

  @Test
  void keys_forVerifiers_areFreshWithinSeconds() {
    var secret = server.client("verifier", ClientRight.LEDGER, false, Set.of());
    var answer =
        server.token(
            ListenerName.PUBLIC, TestServer.credentials("verifier", secret, "urn:ingam:internal"));
    var keys =
        server.send(
            server
                .request(ListenerName.INTERNAL, "/keys")
                .header("Authorization", "Bearer " + TestServer.text(answer, "access_token")));
    assertThat(keys.statusCode()).isEqualTo(200);
    assertThat(keys.headers().firstValue("Cache-Control"))
        .contains("private, max-age=5, must-revalidate");
  }

  @Test
  void database_thatFallsSilent_isWaitedForOnlySeconds() throws Exception {
    try (var connection = server.bean(HikariDataSource.class).getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(10_000);
    }
  }

  @Test
  void error_ofTheDatabase_saysNothingOfTheRow() {
    var database = JdbcClient.create(server.bean(HikariDataSource.class));
    var name = "a-name-that-no-log-may-hold";
    var insert = database.sql("insert into issuance.subject select ?, null").param(name);
    assertThatThrownBy(insert::update)
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageNotContaining(name);
  }
}
