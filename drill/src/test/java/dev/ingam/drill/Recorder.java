package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A server on a free port of 127.0.0.1 that remembers each request byte for byte and answers what
/// it is told to. After what is no whole answer it hangs up; whoever is answered 101 gets back what
/// he sends.
final class Recorder implements AutoCloseable {
  private final Function<HttpMessage, String> answer;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<HttpMessage> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean closed;

  Recorder(Function<HttpMessage, String> answer) {
    this.answer = answer;
    try {
      this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// An answer without a body; each header a whole line.
  static String answer(int status, String... headers) {
    var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "HTTP/1.1 " + status + " x\r\n" + lines + "Content-Length: 0\r\n\r\n";
  }

  int port() {
    return server.getLocalPort();
  }

  /// How many connections were made.
  int connections() {
    return connections.get();
  }

  List<HttpMessage> seen() {
    return List.copyOf(seen);
  }

  void forget() {
    seen.clear();
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        if (closed) {
          // An accept under way may still take a connection after its socket was closed.
          socket.close();
          return;
        }
        open.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (SocketException e) {
      // Closed.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Until the other side has enough, which it may say with a reset.
  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var head = HttpMessage.readHead(in); head != null; head = HttpMessage.readHead(in)) {
        if (!answered(head, in, socket)) {
          return;
        }
      }
    } catch (IOException e) {
      // Every request that arrived whole is remembered already.
    } finally {
      open.remove(socket);
    }
  }

  private boolean answered(String head, InputStream in, Socket socket) throws IOException {
    var out = socket.getOutputStream();
    if (new HttpMessage(head, new byte[0]).value("expect") != null) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    var request = HttpMessage.withBody(head, in, false);
    seen.add(request);
    var reply = answer.apply(request);
    out.write(reply.getBytes(ISO_8859_1));
    out.flush();
    if (reply.startsWith("HTTP/1.1 101")) {
      in.transferTo(out);
    }
    return reply.startsWith("HTTP/1.1 ") && reply.contains("\r\n\r\n");
  }
}
