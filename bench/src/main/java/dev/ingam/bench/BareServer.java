package dev.ingam.bench;

import dev.ingam.drill.web.Lifeline;
import dev.ingam.server.door.JettyParts;
import dev.ingam.server.tls.TlsListener;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// The limit of the HTTP benches: a Jetty server of the same parts as ours, with one handler that
/// does the one unavoidable thing: signs, or verifies. A process of its own.
public final class BareServer {
  private static final int BACKLOG = 1024;

  private static final Set<Integer> SIGN_WORDS = Set.of(1, 3);
  private static final Set<Integer> VERIFY_WORDS = Set.of(3, 5);

  private BareServer() {}

  /// `sign`, or `verify JWKS-FILE KID`, and certificate and key to do it in TLS. Prints its port
  /// and serves until its standard input ends.
  public static void main(String... args) throws Exception {
    var lifeline = new Lifeline(System.in);
    Thread.ofPlatform().daemon().name("lifeline").start(() -> stopWhenCut(lifeline));
    var words = List.of(args);
    if (SIGN_WORDS.contains(words.size()) && words.getFirst().equals("sign")) {
      serve(signing(), words.subList(1, words.size()));
    } else if (VERIFY_WORDS.contains(words.size()) && words.getFirst().equals("verify")) {
      serve(verifying(Path.of(words.get(1)), words.get(2)), words.subList(3, words.size()));
    } else {
      System.err.println("expected: sign | verify JWKS-FILE KID, and CERTIFICATE KEY for TLS");
      System.exit(2);
    }
  }

  private static ServerConnector secure(Server server, List<String> pair) {
    var tls = TlsListener.serving(Path.of(pair.get(0)), Path.of(pair.get(1)), Clock.systemUTC());
    return JettyParts.connector(server, tls.engines(), false);
  }

  private static void stopWhenCut(Lifeline lifeline) {
    lifeline.awaitCut();
    System.exit(0);
  }

  private static Handler signing() {
    var crypto = Crypto.best();
    var key = crypto.newKey();
    return new BareSigning(new ReadySignatures(() -> crypto.signer(key.getPrivate())));
  }

  private static Handler verifying(Path keySet, String kid) throws Exception {
    var crypto = Crypto.best();
    var key = crypto.translated(key(keySet, kid));
    return new BareVerifying(new ReadySignatures(() -> crypto.verifier(key)));
  }

  private static PublicKey key(Path file, String kid) throws Exception {
    var found =
        switch (KeySet.read(Files.readAllBytes(file))) {
          case KeySetReading.Read(var keys) -> keys.find(kid);
          case KeySetReading.Unreadable(var detail) ->
              throw new BenchException("No key set in " + file + ": " + detail);
        };
    if (found == null) {
      throw new BenchException("No key " + kid + " in " + file);
    }
    return found.key();
  }

  /// @param pair files of certificate and key; none for plain HTTP
  private static void serve(Handler handler, List<String> pair) throws Exception {
    var channel = ServerSocketChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    var server = new Server(JettyParts.threads());
    var connector = pair.isEmpty() ? JettyParts.connector(server) : secure(server, pair);
    connector.open(channel);
    server.addConnector(connector);
    server.setHandler(new Handler.Sequence(handler));
    server.start();
    System.out.println(connector.getLocalPort());
    server.join();
  }
}
