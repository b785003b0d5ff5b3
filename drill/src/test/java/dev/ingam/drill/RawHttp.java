package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/// A client that sends what it is given, byte for byte, however wrong that is.
final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  RawHttp(int port) {
    try {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One request on a connection of its own; null when the other side hangs up without an answer.
  static @Nullable HttpMessage ask(int port, String request) {
    return ask(port, request, new byte[0]);
  }

  static @Nullable HttpMessage ask(int port, String head, byte[] body) {
    try (var connection = new RawHttp(port)) {
      connection.send(head.getBytes(ISO_8859_1));
      connection.send(body);
      return connection.answer();
    }
  }

  /// Who refuses a request may hang up while it is being sent; his answer is still to be read.
  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void sendNoMore() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next final answer.
  @Nullable HttpMessage answer() {
    try {
      var head = HttpMessage.readHead(in);
      while (head != null && head.startsWith("HTTP/1.1 100")) {
        head = HttpMessage.readHead(in);
      }
      return head == null ? null : body(head);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer within " + PATIENCE_MILLIS + " ms", e);
    } catch (SocketException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// So many bytes of what comes next.
  byte[] bytes(int count) {
    try {
      return in.readNBytes(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpMessage body(String head) throws IOException {
    var bodiless = head.startsWith("HTTP/1.1 101") || head.startsWith("HTTP/1.1 204");
    return bodiless ? new HttpMessage(head, new byte[0]) : HttpMessage.withBody(head, in, true);
  }
}
