package dev.ingam.server.door;

import java.time.Duration;
import java.util.concurrent.Executors;
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
  private static final Duration IDLE = Duration.ofSeconds(30);

  private JettyParts() {}

  /// Requests run on virtual threads; selectors keep threads of the platform.
  public static ThreadPool threads() {
    var pool = new QueuedThreadPool(32, 8);
    pool.setName("http");
    pool.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("door-", 0).factory()));
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
