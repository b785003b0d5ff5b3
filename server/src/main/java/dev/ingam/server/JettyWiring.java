package dev.ingam.server;

import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.DoorRow;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.Listeners;
import java.util.List;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// One Jetty server with three connectors; the doors stand in front of Spring.
@Configuration(proxyBeanMethods = false)
class JettyWiring {
  @Bean
  InFlight inFlight() {
    return new InFlight();
  }

  @Bean
  DoorHandler doorHandler(List<List<DoorRow>> rows, InFlight inFlight) {
    return new DoorHandler(rows.stream().flatMap(List::stream).toList(), inFlight);
  }

  @Bean
  Connectors connectors(Listeners listeners, DoorHandler doors) {
    return new Connectors(listeners, doors);
  }

  @Bean
  WebServerFactoryCustomizer<JettyServletWebServerFactory> jetty(Connectors connectors) {
    return factory -> {
      factory.setThreadPool(Connectors.threads());
      factory.addServerCustomizers(connectors);
    };
  }

  @Bean
  Drain drain(Connectors connectors, InFlight inFlight) {
    return new Drain(connectors, inFlight);
  }
}
