package dev.ingam.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A SoftHSM behind a socket, as an HSM in the network is: the server of p11-kit beside it, and the
/// client library of p11-kit in this process. The server can be killed and started again. The
/// Debian packages `p11-kit` and `p11-kit-modules` are needed.
public final class RemoteHsm implements AutoCloseable {
  private static final String CLIENT = "pkcs11/p11-kit-client.so";

  private final SoftHsm hsm;
  private final String token;
  private final Path socket;
  private Process server;

  /// Starts the server.
  ///
  /// @param socket a path where there is nothing
  public RemoteHsm(SoftHsm hsm, String token, Path socket) {
    this.hsm = hsm;
    this.token = token;
    this.socket = socket;
    Environment.set("P11_KIT_SERVER_ADDRESS", "unix:path=" + socket);
    server = start();
  }

  /// The library that reaches it.
  public static Path library() {
    for (var folder : List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")) {
      var library = Path.of(folder, CLIENT);
      if (Files.exists(library)) {
        return library;
      }
    }
    throw new IllegalStateException("expected the Debian package p11-kit-modules; it is missing");
  }

  /// Away, with every connection.
  public void kill() {
    var all = server.descendants().toList();
    server.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(child -> child.onExit().join());
    server.onExit().join();
  }

  /// Here again, at the same address.
  public void comeBack() {
    server = start();
  }

  @Override
  public void close() {
    kill();
  }

  private Process start() {
    try {
      Files.deleteIfExists(socket);
      var builder =
          new ProcessBuilder(
              "p11-kit",
              "server",
              "--foreground",
              "--name",
              socket.toString(),
              "--provider",
              SoftHsm.library().toString(),
              "pkcs11:token=" + token);
      builder.environment().putAll(hsm.environment());
      var started =
          builder
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Until.isTrue("p11-kit listens", Duration.ofSeconds(20), this::listens);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
