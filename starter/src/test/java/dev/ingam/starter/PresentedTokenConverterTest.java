package dev.ingam.starter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class PresentedTokenConverterTest {
  private final PresentedTokenConverter converter = new PresentedTokenConverter();
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");

  private PresentedToken converted() {
    return (PresentedToken) converter.convert(request);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer a.b.c", "bearer a.b.c", "Bearer  a.b.c "})
  void bearer(String authorization) {
    request.addHeader("Authorization", authorization);
    assertThat(converted().token()).isEqualTo("a.b.c");
    assertThat(converted().by().proof()).isNull();
    assertThat(converted().toString()).doesNotContain("a.b.c");
    assertThat(PresentedTokenConverter.isDpop(request)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YTpi", "a.b.c"})
  void withoutAToken(String authorization) {
    request.addHeader("Authorization", authorization);
    assertThat(converter.convert(request)).isNull();
  }

  /// Whoever reads the other one takes another for the sender.
  @Test
  void two_areNone() {
    request.addHeader("Authorization", "Bearer a.b.c");
    request.addHeader("Authorization", "Bearer d.e.f");
    assertThat(converter.convert(request)).isNull();
  }

  @Test
  void inTheQuery_isNone() {
    request.addParameter("access_token", "a.b.c");
    assertThat(converter.convert(request)).isNull();
  }

  @Test
  void dpop_withProofAndUri() {
    request.setScheme("https");
    request.setServerName("api.example");
    request.setServerPort(443);
    request.addHeader("Authorization", "DPoP a.b.c");
    request.addHeader("DPoP", "p.r.f");
    assertThat(converted().by().proof()).isEqualTo("p.r.f");
    assertThat(converted().by().method()).isEqualTo("GET");
    assertThat(converted().by().uri()).hasToString("https://api.example/orders");
    assertThat(PresentedTokenConverter.isDpop(request)).isTrue();
  }

  /// No proof, and two: something that is no proof, so that the token is refused for it.
  @Test
  void dpop_withoutOneProof() {
    request.addHeader("Authorization", "DPoP a.b.c");
    assertThat(converted().by().proof()).isEmpty();
    request.addHeader("DPoP", "p.r.f");
    request.addHeader("DPoP", "p.r.f");
    assertThat(converted().by().proof()).isEmpty();
  }
}
