package dev.ingam.server;

import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.JsonErrorHandler;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.springframework.boot.jetty.JettyServerCustomizer;

/// Gives Jetty its three connectors, each named as its listener, and puts the doors in front of what Spring maps.
final class Connectors implements JettyServerCustomizer {
  private static final int HEADER_BYTES = 16 << 10;
  private static final int MAX_CONNECTIONS = 4096;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final Listeners listeners;
  private final DoorHandler doors;
  private final List<ServerConnector> connectors = new ArrayList<>();

  Connectors(Listeners listeners, DoorHandler doors) {
    this.listeners = listeners;
    this.doors = doors;
  }

  @Override
  public void customize(Server server) {
    for (var listener : ListenerName.values()) {
      connectors.add(connector(server, listener));
    }
    server.setConnectors(connectors.toArray(Connector[]::new));
    server.addBean(
        new NetworkConnectionLimit(MAX_CONNECTIONS, connectors.toArray(Connector[]::new)));
    server.setHandler(new Handler.Sequence(doors, server.getHandler()));
    server.setErrorHandler(new JsonErrorHandler());
    server.setStopAtShutdown(false);
  }

  /// Requests run on virtual threads; selectors keep threads of the platform.
  static ThreadPool threads() {
    var pool = new QueuedThreadPool(32, 8);
    pool.setName("http");
    pool.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("door-", 0).factory()));
    return pool;
  }

  /// No connection is accepted from here on; those that are open go on.
  void stopAccepting() {
    connectors.forEach(ServerConnector::close);
  }

  private ServerConnector connector(Server server, ListenerName listener) {
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(HEADER_BYTES);
    var connector = new ServerConnector(server, 1, -1, new HttpConnectionFactory(http));
    connector.setName(listener.connector());
    connector.setIdleTimeout(IDLE.toMillis());
    try {
      connector.open(listeners.channel(listener));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return connector;
  }
}
