package dev.ingam.drill;

import org.junit.jupiter.api.Nested;

/// `docs/guide/haproxy.md`, with the real program.
class HaproxyTest {
  @Nested
  class Rules extends ProxyConformance {
    Rules() {
      super(Proxy.Kind.HAPROXY);
    }
  }

  @Nested
  class Tricks extends ProxyTricks {
    Tricks() {
      super(Proxy.Kind.HAPROXY);
    }
  }
}
