package dev.ingam.server.door;

import java.time.Duration;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;

/// What a Jetty server of ours is made of; the bench builds its bare server of the same parts.
public final class JettyParts {
  private static final int HEADER_BYTES = 16 << 10;
  private static final int MIN_THREADS = 64;
  private static final int THREADS_A_CORE = 8;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private JettyParts() {}

  /// Threads of the platform, shared fairly by all connections of all listeners. What may wait
  /// leaves them ([Apart]); what stays is done after some signatures.
  ///
  /// Not virtual ones: their scheduler takes up one submitter's tasks until none is left, so that a
  /// flood at one listener let requests at another wait for seconds; and it interrupts nobody, so
  /// that who sends requests without waiting for answers had the processor to himself.
  public static ThreadPool threads() {
    var most = Math.max(MIN_THREADS, THREADS_A_CORE * Runtime.getRuntime().availableProcessors());
    var pool = new QueuedThreadPool(most, 8);
    pool.setName("http");
    return pool;
  }

  /// Speaks HTTP/1.1, bounded, and does not say what it is.
  public static ServerConnector connector(Server server) {
    return connector(server, new HttpConnectionFactory(http()));
  }

  /// The same in TLS. `Host` is not compared with the certificate: no door depends on it, and
  /// proxies pass on that of the application.
  ///
  /// @param seenAsHttps whether requests say that they came by https; it costs some time each
  public static ServerConnector connector(
      Server server, SslContextFactory.Server engines, boolean seenAsHttps) {
    var http = http();
    if (seenAsHttps) {
      http.addCustomizer(new SecureRequestCustomizer(false));
    }
    var plain = new HttpConnectionFactory(http);
    var tls = new SslConnectionFactory(engines, plain.getProtocol());
    tls.setEnsureSecureRequestCustomizer(false);
    return connector(server, tls, plain);
  }

  private static HttpConfiguration http() {
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(HEADER_BYTES);
    return http;
  }

  private static ServerConnector connector(Server server, ConnectionFactory... protocols) {
    var connector = new ServerConnector(server, 1, -1, protocols);
    connector.setIdleTimeout(IDLE.toMillis());
    return connector;
  }
}
