package dev.ingam.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.wire.TargetUri;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class PresentedTokenConverterTest {
  private final PresentedTokenConverter converter =
      new PresentedTokenConverter(List.of(TargetUri.of("https://api.example")));
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
    request.addHeader("Authorization", "DPoP a.b.c");
    request.addHeader("DPoP", "p.r.f");
    assertThat(converted().by().proof()).isEqualTo("p.r.f");
    assertThat(converted().by().method()).isEqualTo("GET");
    assertThat(converted().by().uris()).containsExactly(TargetUri.of("https://api.example/orders"));
    assertThat(PresentedTokenConverter.isDpop(request)).isTrue();
  }

  /// Whoever relays a token with the proof that he was sent names his own host.
  @Test
  void host_isNotBelieved() {
    request.setServerName("evil.example");
    request.addHeader("Host", "evil.example");
    request.addHeader("Authorization", "DPoP a.b.c");
    assertThat(converted().by().uris()).containsExactly(TargetUri.of("https://api.example/orders"));
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
