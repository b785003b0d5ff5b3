package dev.ingam.server.tls;

import dev.ingam.keys.Alarm;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.StartFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS at all listeners that have it, by the name of the listener; looks at their files each two
/// seconds while it runs.
public final class Tls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Peer ANYBODY = new Peer.Anybody();

  private final Map<String, TlsListener> listeners;
  private final List<Alarm> waived;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tls-files").factory());

  private Tls(Map<String, TlsListener> listeners, List<Alarm> waived) {
    this.listeners = Map.copyOf(listeners);
    this.waived = List.copyOf(waived);
  }

  /// Reads the files of all listeners.
  ///
  /// @throws StartFailure that lists all that is wrong with them
  public static Tls open(Settings settings, Clock clock) {
    var problems = new ArrayList<String>();
    var tls = new Tls(read(settings, clock, problems), waived(settings, clock.instant()));
    if (!problems.isEmpty()) {
      throw new StartFailure(
          "TLS files that can be served",
          problems.size() + " problem(s): " + String.join("; ", problems),
          "correct all of them and start again");
    }
    return tls;
  }

  private static Map<String, TlsListener> read(
      Settings settings, Clock clock, List<String> problems) {
    var listeners = new LinkedHashMap<String, TlsListener>();
    settings
        .listeners()
        .forEach((name, listen) -> {
          var files = TlsFiles.of(listen.tls());
          if (files != null) {
            try {
              listeners.put(name, TlsListener.open(name, files, clock));
            } catch (TlsFileException e) {
              problems.add("ingam." + name + ".tls: " + e.getMessage());
            }
          }
        });
    return listeners;
  }

  private static List<Alarm> waived(Settings settings, Instant now) {
    var alarms = new ArrayList<Alarm>();
    settings
        .listeners()
        .forEach((name, listen) -> {
          if (listen.plainHttpBeyondLoopback() != null) {
            alarms.add(
                new Alarm(
                    "plain_http_beyond_loopback",
                    now,
                    "the "
                        + name
                        + " listener speaks plain HTTP beyond this host: tokens can be read on the network",
                    "give ingam." + name + ".tls a certificate and a key; ingam init makes them"));
          }
        });
    return alarms;
  }

  public void start() {
    var _ =
        watch.scheduleWithFixedDelay(
            this::refresh, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// What one listener throws keeps no other from being looked at.
  private void refresh() {
    for (var listener : listeners.values()) {
      try {
        listener.refresh();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("The TLS files could not be looked at");
      }
    }
  }

  /// TLS at this listener; null where it speaks plain HTTP.
  public @Nullable TlsListener at(String listener) {
    return listeners.get(listener);
  }

  /// Whether this host is one that the listener's certificate is for.
  public boolean isFor(String listener, String host) {
    var found = listeners.get(listener);
    return found != null && found.isFor(host);
  }

  /// Who is at the other end of a request's connection.
  public Peer peer(String listener, Request request) {
    var found = listeners.get(listener);
    if (found == null) {
      return ANYBODY;
    }
    EndPoint.SslSessionData connection =
        request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
    return connection == null ? ANYBODY : found.peer(connection);
  }

  public List<Alarm> alarms() {
    var alarms = new ArrayList<>(waived);
    listeners.values().forEach(each -> alarms.addAll(each.alarms()));
    return alarms;
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
