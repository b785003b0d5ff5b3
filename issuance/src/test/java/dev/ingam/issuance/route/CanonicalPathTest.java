package dev.ingam.issuance.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
  @ParameterizedTest
  @CsvSource({
    "/,/",
    "/profile,/profile",
    "/profile/,/profile",
    "/a/b?c=/../d;e,/a/b",
    "/orders/17:ship,/orders/17:ship",
    "/%ec%a3%bc,/%EC%A3%BC",
    "/a%20b,/a%20b",
    "/.well-known/x,/.well-known/x",
    "/a..b/...,/a..b/..."
  })
  void canonicalPath_isRead(String uri, String path) {
    assertThat(CanonicalPath.read(uri))
        .isInstanceOfSatisfying(
            CanonicalPath.Read.class, read -> assertThat(read.path()).hasToString(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "profile",
        "*",
        "http://host/profile",
        "//profile",
        "/a//b",
        "/a//",
        "/..",
        "/a/../b",
        "/a/./b",
        "/a/..",
        "/a/.",
        "/a;x=1",
        "/a;/b",
        "/%2e%2e/b",
        "/%2E/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%3bb",
        "/a%252e",
        "/%61dmin",
        "/a%7eb",
        "/a%00",
        "/a%0d%0a",
        "/a%7f",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%+1",
        "/a\\b",
        "/a b",
        "/a\tb",
        "/a\u0000b",
        "/주",
        "/a#b",
        "/a\"b",
        "/a<b",
        "/a|b",
        "/a{b}",
        "/a^b",
        "/a`b"
      })
  void otherPath_isRefusedWithoutRepeatingIt(String uri) {
    assertThat(CanonicalPath.read(uri)).isInstanceOf(CanonicalPath.Refused.class);
  }

  @Test
  void longPath_isRefused() {
    assertThat(CanonicalPath.read("/" + "a".repeat(CanonicalPath.MAX_PATH)))
        .isInstanceOf(CanonicalPath.Refused.class);
    assertThat(CanonicalPath.read("/a?" + "b".repeat(CanonicalPath.MAX_URI)))
        .isInstanceOf(CanonicalPath.Refused.class);
    assertThat(CanonicalPath.read("/" + "a".repeat(CanonicalPath.MAX_PATH - 1)))
        .isInstanceOf(CanonicalPath.Read.class);
  }
}
