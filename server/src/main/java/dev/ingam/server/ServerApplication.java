package dev.ingam.server;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;

/// The application: our wiring and nothing else. What Spring Boot sets up by itself is named in
/// [dev.ingam.server.admin.AdminWiring], for the admin API alone.
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({
  StartWiring.class,
  DatabaseWiring.class,
  KeysWiring.class,
  IssuanceWiring.class,
  DoorsWiring.class,
  WatchWiring.class,
  JettyWiring.class
})
class ServerApplication {}
