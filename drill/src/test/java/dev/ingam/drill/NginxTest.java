package dev.ingam.drill;

import org.junit.jupiter.api.Nested;

/// `docs/guide/nginx.md`, with the real program.
class NginxTest {
  @Nested
  class Rules extends ProxyConformance {
    Rules() {
      super(Proxy.Kind.NGINX);
    }
  }

  @Nested
  class Tricks extends ProxyTricks {
    Tricks() {
      super(Proxy.Kind.NGINX);
    }
  }
}
