package dev.ingam.server;

import dev.ingam.server.admin.AdminWiring;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/// The application: what Spring Boot sets up (Jetty, Spring MVC), and our wiring.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({StartWiring.class, JettyWiring.class, AdminWiring.class})
class ServerApplication {}
