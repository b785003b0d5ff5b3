package dev.ingam.bench;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Connections whose requests never end: half of them stop within the headers, half within a body
/// that they announced.
final class SlowClients implements AutoCloseable {
  private static final byte[] HEADERS = ascii("POST /oauth2/token HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  private static final byte[] BODY =
      ascii(
          "POST /oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n"
              + "Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant_type=");

  private final List<Socket> sockets = new ArrayList<>();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static SlowClients at(Transport transport, int port, int count) throws IOException {
    var clients = new SlowClients();
    for (int i = 0; i < count; i++) {
      var socket = transport.connect(port);
      clients.sockets.add(socket);
      socket.getOutputStream().write(i % 2 == 0 ? HEADERS : BODY);
    }
    return clients;
  }

  /// One more byte of each that still stands.
  ///
  /// @return how many do
  int drip() {
    return (int) sockets.stream().filter(SlowClients::drip).count();
  }

  private static boolean drip(Socket socket) {
    try {
      socket.getOutputStream().write('a');
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
  }
}
