package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `docs/guide/haproxy.md`, with the real program.
class HaproxyTest {
  @Nested
  class Rules extends ProxyConformance {
    Rules() {
      super(Proxy.Kind.HAPROXY);
    }

    /// Each breaks the script at another place: before the question, in it, after it.
    @ParameterizedTest
    @ValueSource(
        strings = {"txn.f:method()", "core.httpclient()", "local status =", "local subject ="})
    void script_thatFails_letsNobodyIn(String where) {
      var behind =
          new Proxy.Behind(
              gate.port(),
              application.port(),
              script ->
                  script.replace(
                      where, where.replace("local ", "error('x') local ").replace("()", "().x.y")));
      try (var broken = another(behind)) {
        var answer = RawHttp.ask(broken.port(), head("GET", "/my/profile", "Connection: close"));
        assertThat(answer.status()).isEqualTo(503);
      }
      assertThat(application.seen()).isEmpty();
    }
  }

  @Nested
  class Tricks extends ProxyTricks {
    Tricks() {
      super(Proxy.Kind.HAPROXY);
    }
  }
}
