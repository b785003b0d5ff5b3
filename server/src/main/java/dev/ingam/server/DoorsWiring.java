package dev.ingam.server;

import dev.ingam.server.door.DoorTable;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The table of doors.
@Configuration(proxyBeanMethods = false)
class DoorsWiring {
  @Bean
  DoorTable doorTable() {
    return new DoorTable(List.of());
  }
}
