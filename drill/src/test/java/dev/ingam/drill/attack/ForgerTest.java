package dev.ingam.drill.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ingam.drill.attack.Forger.Forgery;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.Json;
import dev.ingam.testkit.SettableClock;
import java.security.SecureRandom;
import java.text.ParseException;
import org.junit.jupiter.api.Test;

class ForgerTest {
  private static final String SERIAL = "AAAAAAAAAAAAAAAAAAAAAA";
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = SettableClock.at("2026-11-23T00:00:00Z");
  private final Es256Key honest = Es256Key.generate(random);
  private final Es256Key stolen = Es256Key.generate(random);
  private final Forger forger = new Forger(honestToken(), clock, random);

  @Test
  void forge_isSignedByTheStolenKeyAndAboutSomeoneElse() throws ParseException, JOSEException {
    var forged = SignedJWT.parse(forge(Forgery.MADE_UP_SERIAL));
    var key = JWKSet.parse(stolen.jwkSet().toString()).getKeys().getFirst().toECKey();
    assertThat(forged.verify(new ECDSAVerifier(key))).isTrue();
    assertThat(forged.getHeader().getKeyID()).isEqualTo(stolen.kid());
    assertThat(forged.getHeader().getType().getType()).isEqualTo("at+jwt");
    var claims = forged.getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo("m-000042");
    assertThat(claims.getIssuer()).isEqualTo("https://issuer.example");
    assertThat(claims.getExpirationTime()).isEqualTo(clock.instant().plusSeconds(300));
    assertThat(claims.getJWTID()).hasSize(22).isNotEqualTo(SERIAL);
  }

  @Test
  void forge_copiesTheSerial() throws ParseException {
    var claims = SignedJWT.parse(forge(Forgery.COPIED_SERIAL)).getJWTClaimsSet();
    assertThat(claims.getJWTID()).isEqualTo(SERIAL);
  }

  @Test
  void forge_leavesTheSerialOut() throws ParseException {
    var claims = SignedJWT.parse(forge(Forgery.NO_SERIAL)).getJWTClaimsSet();
    assertThat(claims.getJWTID()).isNull();
  }

  @Test
  void forgery_eachKindForEachMemberWithThreeKeys() {
    for (int member = 1; member <= 6; member++) {
      assertThat(Forgery.of(member))
          .isNotEqualTo(Forgery.of(member + 1))
          .isNotEqualTo(Forgery.of(member + 2));
    }
  }

  @Test
  void honestToken_whichIsNone() {
    assertThatThrownBy(() -> new Forger("no token", clock, random))
        .isInstanceOf(DrillException.class);
  }

  private String forge(Forgery forgery) {
    var key = new StolenKey(stolen.kid(), StolenKey.Algorithm.ES256, stolen.key());
    return forger.forge(key, "m-000042", forgery, 300);
  }

  private String honestToken() {
    return honest.jwt(
        "at+jwt",
        Json.empty()
            .with("iss", "https://issuer.example")
            .with("sub", "m-000000")
            .with("aud", "shop")
            .with("iat", 1)
            .with("exp", 2)
            .with("jti", SERIAL));
  }
}
