package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.server.start.Settings;
import dev.ingam.server.start.SettingsReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class DoorsWiringTest {
  @Test
  void gate_wantsACertificateBeyondLoopback_andOnItWhenTold() {
    assertThat(DoorsWiring.gateWantsCertificate(settings(Map.of()))).isFalse();
    assertThat(DoorsWiring.gateWantsCertificate(settings(Map.of("ingam.internal.address", "::1"))))
        .isFalse();
    var tls = new HashMap<String, Object>();
    for (var name : List.of("certificate", "key", "client-ca")) {
      tls.put("ingam.internal.tls." + name, "file");
    }
    assertThat(DoorsWiring.gateWantsCertificate(settings(tls))).isFalse();
    for (var address : List.of("0.0.0.0", "::", "192.0.2.1")) {
      tls.put("ingam.internal.address", address);
      assertThat(DoorsWiring.gateWantsCertificate(settings(tls))).as(address).isTrue();
    }
    tls.put("ingam.internal.address", "127.0.0.1");
    tls.put("ingam.gate.certificate-on-loopback", "true");
    assertThat(DoorsWiring.gateWantsCertificate(settings(tls))).isTrue();
  }

  private static Settings settings(Map<String, Object> given) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", given));
    return SettingsReader.read(environment);
  }
}
