package dev.ingam.server;

import dev.ingam.keys.Installation;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.SettingsReader;
import dev.ingam.server.tls.Tls;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/// What everything else needs: settings, clock, ports.
@Configuration(proxyBeanMethods = false)
class StartWiring {
  @Bean
  Settings settings(ConfigurableEnvironment environment) {
    return SettingsReader.read(environment);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /// Certificates and keys are read before anything is opened.
  @Bean(initMethod = "start", destroyMethod = "close")
  Tls tls(Settings settings, Clock clock) {
    return Tls.open(settings, clock);
  }

  /// The ports are taken before anything else starts: a port in use is found first, and the
  /// issuer's name may contain one.
  @Bean
  Listeners listeners(Settings settings, Tls read) {
    return Listeners.bind(settings);
  }

  @Bean
  Ready ready(Installation installation, Listeners listeners, AdminHandler admin) {
    return Ready.of(installation, listeners, admin);
  }
}
