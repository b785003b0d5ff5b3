package dev.ingam.drill.attack;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Json;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;

/// Makes tokens that Ingam never issued. It learns their form from one honest token, the attacker's
/// own as a customer, and writes another's name into it. The signature is real.
final class Forger {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final String honestKid;
  private final Json header;
  private final Json claims;
  private final Clock clock;
  private final SecureRandom random;

  /// What stands where an issued token has its serial.
  enum Forgery {
    /// 128 bits of the right form, out of thin air.
    MADE_UP_SERIAL,
    /// The serial of the attacker's own honest token.
    COPIED_SERIAL,
    /// None.
    NO_SERIAL;

    static Forgery of(int number) {
      return values()[number % values().length];
    }
  }

  Forger(String honestToken, Clock clock, SecureRandom random) {
    var parts = honestToken.split("\\.", -1);
    if (parts.length != 3) {
      throw new DrillException("expected a compact JWS as the attacker's own token");
    }
    this.header = part(parts[0]);
    this.claims = part(parts[1]);
    this.honestKid = header.text("kid");
    this.clock = clock;
    this.random = random;
  }

  /// The key that signed the honest token: the ACTIVE one, which the store's file does not tell.
  String honestKid() {
    return honestKid;
  }

  /// What the honest token says of its session.
  String honestSession() {
    var session = claims.textOrNull("sid");
    return session == null ? "" : session;
  }

  /// A token about `subject`, good for as long as `seconds`, signed with a stolen key.
  String forge(StolenKey key, String subject, Forgery forgery, int seconds) {
    var now = clock.instant().getEpochSecond();
    var forged = claims.with("sub", subject).with("iat", now).with("exp", now + seconds);
    var serialled =
        switch (forgery) {
          case MADE_UP_SERIAL -> forged.with("jti", madeUp());
          case COPIED_SERIAL -> forged;
          case NO_SERIAL -> forged.without("jti");
        };
    var input =
        encoded(header.with("alg", key.algorithm().jose()).with("kid", key.kid()))
            + "."
            + encoded(serialled);
    var signature = key.sign(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + BASE64URL.encodeToString(signature);
  }

  private String madeUp() {
    var serial = new byte[16];
    random.nextBytes(serial);
    return BASE64URL.encodeToString(serial);
  }

  private static Json part(String encoded) {
    return Json.read(Base64.getUrlDecoder().decode(encoded), "a part of the attacker's own token");
  }

  private static String encoded(Json json) {
    return BASE64URL.encodeToString(json.bytes());
  }
}
