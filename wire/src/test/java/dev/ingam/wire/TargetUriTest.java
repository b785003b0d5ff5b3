package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUriTest {
  @ParameterizedTest
  @CsvSource({
    "https://api.example/orders, https://api.example/orders",
    "HTTPS://API.Example/orders, https://api.example/orders",
    "https://api.example:443/orders, https://api.example/orders",
    "http://api.example:80/orders, http://api.example/orders",
    "https://api.example:8443/orders, https://api.example:8443/orders",
    "https://api.example/orders?all=1#top, https://api.example/orders",
    "https://api.example/orders/, https://api.example/orders",
    "https://api.example, https://api.example",
    "https://api.example/, https://api.example",
    "https://api.example/a%2fb, https://api.example/a%2Fb",
    "https://[::1]:8443/x, https://[::1]:8443/x",
    "http://order_service:8080/x, http://order_service:8080/x",
  })
  void texts_forOneResource_areEqual(String text, String expected) {
    assertThat(TargetUri.of(text)).hasToString(expected);
    assertThat(TargetUri.of(text)).isEqualTo(TargetUri.of(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example/orders, https://api.example/Orders",
    "https://api.example/orders, https://api.example/orders/1",
    "https://api.example/orders, http://api.example/orders",
    "https://api.example/a/b, https://api.example/a%2Fb",
  })
  void texts_forOthers_areNot(String one, String other) {
    assertThat(TargetUri.of(one)).isNotEqualTo(TargetUri.of(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/orders",
        "//api.example/orders",
        "ftp://api.example/orders",
        "https:orders",
        "https:///orders",
        "https://a:b@api.example/orders",
        "https://api.example/a b",
        "https://api.example/%zz",
        "https://api.example:x/orders",
        "https://a,b/orders"
      })
  void whatIsNone_isNull(String text) {
    assertThat(TargetUri.of(text)).isNull();
  }

  /// Whatever a path holds, it stays a path.
  @Test
  void withPath_changesNothingElse() {
    var at = TargetUri.of("https://api.example:8443/old");
    assertThat(at.withPath("/a?b#c"))
        .isEqualTo(new TargetUri("https://api.example:8443", "/a?b#c"));
    assertThat(at.withPath("/orders/1"))
        .isEqualTo(TargetUri.of("https://api.example:8443/orders/1"));
  }

  @Test
  void long_isNull() {
    assertThat(TargetUri.of("https://api.example/" + "x".repeat(10_240))).isNull();
  }
}
