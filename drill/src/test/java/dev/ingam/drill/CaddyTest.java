package dev.ingam.drill;

import org.junit.jupiter.api.Nested;

/// `docs/guide/caddy.md`, with the real program.
class CaddyTest {
  @Nested
  class Rules extends ProxyConformance {
    Rules() {
      super(Proxy.Kind.CADDY);
    }
  }

  @Nested
  class Tricks extends ProxyTricks {
    Tricks() {
      super(Proxy.Kind.CADDY);
    }
  }
}
