package dev.ingam.server;

import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.DoorRow;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.Listeners;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Jetty, the doors and the admin API behind them.
@Configuration(proxyBeanMethods = false)
class JettyWiring {
  @Bean
  InFlight inFlight() {
    return new InFlight();
  }

  @Bean
  DoorHandler doorHandler(List<DoorRow> rows, InFlight inFlight) {
    return new DoorHandler(rows, inFlight);
  }

  @Bean
  AdminHandler adminHandler(ApplicationContext context) {
    return new AdminHandler(context);
  }

  @Bean
  HttpServer httpServer(
      Listeners listeners, DoorHandler doors, AdminHandler admin, InFlight inFlight) {
    return new HttpServer(listeners, doors, admin, inFlight);
  }
}
