package dev.ingam.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Peers of 127.0.0.0/8 at a real connector.
class PeerConnectionsTest {
  private static final int MOST = 4;
  private static final String PROXY = "127.0.0.9";

  private final Server server = new Server(JettyParts.threads());
  private final ServerConnector connector = JettyParts.connector(server);
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector.addBean(new PeerConnections(MOST, InetAddress.ofLiteral(PROXY)::equals));
    server.addConnector(connector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (var socket : sockets) {
      socket.close();
    }
    server.stop();
  }

  /// Whether a request on a new connection from there is answered.
  private boolean isServed(String peer) throws IOException {
    var socket = new Socket();
    sockets.add(socket);
    socket.bind(new InetSocketAddress(peer, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", connector.getLocalPort()));
    socket.setSoTimeout(20_000);
    try {
      var request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false; // Reset: the same, seen earlier.
    }
  }

  private void take(String peer, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      assertThat(isServed(peer)).as("connection %d of %s", i, peer).isTrue();
    }
  }

  @Test
  void peer_getsSoManyConnectionsAndOthersTheirs() throws IOException {
    take("127.0.0.2", MOST);
    assertThat(isServed("127.0.0.2")).isFalse();
    assertThat(isServed("127.0.0.2")).isFalse();
    take("127.0.0.3", MOST);
  }

  @Test
  void connection_thatIsClosed_makesRoom() throws IOException {
    take("127.0.0.2", MOST);
    sockets.getFirst().close();
    Until.isTrue("room", Duration.ofSeconds(20), () -> isServed("127.0.0.2"));
    assertThat(isServed("127.0.0.2")).isFalse();
  }

  @Test
  void proxy_getsMore() throws IOException {
    take(PROXY, 3 * MOST);
  }
}
