package dev.ingam.server;

import dev.ingam.keys.Installation;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.admin.AdminGuard;
import dev.ingam.server.admin.Credential;
import dev.ingam.server.admin.MetricsServlet;
import dev.ingam.server.door.Apart;
import dev.ingam.server.door.BodyBudget;
import dev.ingam.server.door.Counted;
import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.DoorTable;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.Limits;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.door.Refusals;
import dev.ingam.server.door.RequestTracing;
import dev.ingam.server.door.Sources;
import dev.ingam.server.start.Settings;
import dev.ingam.server.tls.Tls;
import dev.ingam.server.watch.Metrics;
import dev.ingam.server.watch.Traces;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.server.Handler;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Jetty, the doors and the admin API behind them.
@Configuration(proxyBeanMethods = false)
class JettyWiring {
  private static final int CONNECTIONS = 4096;

  /// An eighth of the heap that the server is started with.
  private static final int LARGE_BODIES = 64 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BODY_PATIENCE = Duration.ofSeconds(10);

  @Bean
  InFlight inFlight() {
    return new InFlight();
  }

  @Bean
  Sources sources(Settings settings) {
    return Sources.behind(settings.limits().proxies());
  }

  @Bean
  Limits limits(Sources sources, Settings settings) {
    var refusals =
        new Refusals(
            settings.limits().refusalsPerSecond(), new SecureRandom().nextLong(), System::nanoTime);
    var bodies = new BodyBudget(LARGE_BODIES, PATIENCE);
    return new Limits(sources, refusals, bodies, BODY_PATIENCE);
  }

  /// Closed after the doors, so that it hears of every answer.
  @Bean
  RequestTracing tracing(Settings settings) {
    var endpoint = settings.traces().endpoint();
    return endpoint == null
        ? RequestTracing.NONE
        : new Traces(
            endpoint, settings.traces().share(), () -> ThreadLocalRandom.current().nextDouble());
  }

  @Bean
  DoorHandler doorHandler(
      DoorTable table, Tls tls, InFlight inFlight, Limits limits, RequestTracing tracing) {
    return new DoorHandler(table, tls, inFlight, limits, tracing);
  }

  /// Made at the start and not with the admin API, so that the files are there when the doors open.
  @Bean
  AdminGuard adminGuard(Installation installation, Tls tls) {
    var admin = ListenerName.ADMIN.connector();
    return new AdminGuard(
        credential(Credential.Kind.ROOT, installation),
        credential(Credential.Kind.METRICS, installation),
        host -> tls.isFor(admin, host));
  }

  private static Credential credential(Credential.Kind kind, Installation installation) {
    return Credential.open(kind, installation.secretsDir(), new PosixFiles(), new SecureRandom());
  }

  @Bean
  AdminHandler adminHandler(ApplicationContext context, AdminGuard guard, Metrics metrics) {
    return new AdminHandler(context, guard, new MetricsServlet(metrics::scrape));
  }

  @Bean
  HttpServer httpServer(
      Listeners listeners,
      Tls tls,
      Handler.Sequence handlers,
      InFlight inFlight,
      HttpServer.Connections connections) {
    return new HttpServer(listeners, tls, handlers, inFlight, connections);
  }

  @Bean
  Handler.Sequence handlers(DoorHandler doors, AdminHandler admin, InFlight inFlight) {
    return new Handler.Sequence(doors, new Apart(new Counted(admin, inFlight)));
  }

  @Bean
  HttpServer.Connections connections(Sources sources, Settings settings) {
    return new HttpServer.Connections(CONNECTIONS, settings.limits().connectionsPerPeer(), sources);
  }
}
