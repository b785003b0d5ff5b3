package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.web.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoakTokenTest {
  private static final Instant ISSUED = Instant.parse("2026-11-26T12:00:00Z");
  private final SoakToken token = SoakToken.of(told());

  @Test
  void of_whatTheTokenSays() {
    assertThat(token.serial()).isEqualTo("the-serial");
    assertThat(token.issuedAt()).isEqualTo(ISSUED);
    assertThat(token.expiresAt()).isEqualTo(ISSUED.plusSeconds(300));
  }

  /// Seconds since it was issued, by the server's clock, with two of tolerance.
  @ParameterizedTest
  @CsvSource({
    "expired, 297, false",
    "expired, 298, true",
    "expired, 600, true",
    "not_yet_valid, -57, false",
    "not_yet_valid, -59, true",
    "not_yet_valid, 0, false",
    "not_issued, 600, false",
    "already_redeemed, 600, false",
  })
  void isRightlyRefused_byTheClockAlone(String reason, int seconds, boolean right) {
    assertThat(token.isRightlyRefused(reason, ISSUED.plusSeconds(seconds))).isEqualTo(right);
  }

  @Test
  void forgeries_differInOnePartOnly() {
    var parts = token.text().split("\\.");
    assertThat(token.resigned().split("\\."))
        .startsWith(parts[0], parts[1])
        .doesNotContain(parts[2]);
    var renamed = token.renamed().split("\\.");
    assertThat(renamed[0]).isEqualTo(parts[0]);
    assertThat(renamed[2]).isEqualTo(parts[2]);
    assertThat(new String(Base64.getUrlDecoder().decode(renamed[1]), UTF_8))
        .contains("client:somebody-else", "the-serial");
  }

  @Test
  void clock_putBackShowsWhatItHasShown() {
    var clock = new SteppedClock(Clock.fixed(ISSUED, ZoneOffset.UTC));
    clock.putTo(Duration.ofSeconds(90));
    assertThat(clock.instant()).isEqualTo(ISSUED.plusSeconds(90));
    assertThat(clock.isBehindItself()).isFalse();
    clock.putTo(Duration.ZERO);
    assertThat(clock.isBehindItself()).isTrue();
    assertThat(clock.hasJustMoved()).isTrue();
    clock.forget();
    assertThat(clock.isBehindItself()).isFalse();
  }

  private static Told told() {
    var claims =
        Json.empty()
            .with("sub", "client:machine")
            .with("jti", "the-serial")
            .with("iat", ISSUED.getEpochSecond())
            .with("exp", ISSUED.getEpochSecond() + 300);
    var text =
        encoded("{\"alg\":\"ES256\"}") + "." + encoded(claims.toString()) + "." + encoded("sig");
    return new Told(200, "", Json.empty().with("access_token", text));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
