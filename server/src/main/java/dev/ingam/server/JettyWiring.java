package dev.ingam.server;

import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.DoorTable;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.Listeners;
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
  DoorHandler doorHandler(DoorTable table, InFlight inFlight) {
    return new DoorHandler(table, inFlight);
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
