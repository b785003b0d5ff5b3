package dev.ingam.server;

import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.JettyParts;
import dev.ingam.server.door.JsonErrorHandler;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.door.PeerConnections;
import dev.ingam.server.door.Sources;
import dev.ingam.server.tls.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// One Jetty server with three connectors, each named as its listener, and the doors in front of
/// what Spring maps. It opens when everything behind the doors stands; its stop takes nothing new
/// in and lets what is in get its answer.
final class HttpServer implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(10);

  private final Server server = new Server(JettyParts.threads());
  private final Listeners listeners;
  private final Tls tls;
  private final InFlight inFlight;
  private final Connections connections;

  /// How many connections there may be at once.
  ///
  /// @param perListener a flood at one listener leaves the others open
  /// @param perPeer of the public listener, but for proxies
  record Connections(int perListener, int perPeer, Sources sources) {}

  HttpServer(
      Listeners listeners,
      Tls tls,
      Handler.Sequence handlers,
      InFlight inFlight,
      Connections connections) {
    this.connections = connections;
    this.listeners = listeners;
    this.tls = tls;
    this.inFlight = inFlight;
    server.setHandler(handlers);
    server.setErrorHandler(new JsonErrorHandler());
    server.setStopAtShutdown(false);
  }

  /// After everything else.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }

  @Override
  public boolean isRunning() {
    return server.isRunning();
  }

  @Override
  public void start() {
    var connectors = new ArrayList<ServerConnector>();
    for (var listener : ListenerName.values()) {
      var connector = connector(listener);
      connectors.add(connector);
      server.addBean(new NetworkConnectionLimit(connections.perListener(), connector));
      if (listener == ListenerName.PUBLIC) {
        connector.addBean(
            new PeerConnections(connections.perPeer(), connections.sources()::isProxy));
      }
    }
    server.setConnectors(connectors.toArray(ServerConnector[]::new));
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty did not start", e);
    }
  }

  private ServerConnector connector(ListenerName listener) {
    var secure = tls.at(listener.connector());
    var connector =
        secure == null
            ? JettyParts.connector(server)
            : JettyParts.connector(server, secure.engines(), listener == ListenerName.ADMIN);
    connector.setName(listener.connector());
    try {
      connector.open(listeners.channel(listener));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return connector;
  }

  @Override
  public void stop() {
    listeners.close();
    try {
      drain();
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("Jetty did not stop cleanly");
    }
  }

  private void drain() throws InterruptedException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (inFlight.count() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(STEP);
    }
    if (inFlight.count() > 0) {
      LOG.atWarn().addKeyValue("requests", inFlight.count()).log("Stopping with open requests");
    }
  }
}
