package dev.ingam.drill.shop;

import dev.ingam.drill.web.ClientCredential;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.HttpDoor;
import dev.ingam.drill.web.HttpDoor.Ask;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import dev.ingam.drill.web.UpstreamIssuer;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import dev.ingam.wire.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The real shop with an Ingam whose ledger answers what the test says, instead of what was issued.
/// Its token endpoint refuses everyone, or grants every exchange; its log-in door gives the
/// attacker the one honest token that he learns from.
public final class ForcedShop implements AutoCloseable {
  private static final String ISSUER = "https://issuer.example";

  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final Es256Key active;
  private final HttpDoor ingam;
  private final HttpDoor login;
  private final Shop shop;
  private volatile boolean granting;

  /// The first key signs; all are in the public JWK set. A null answer accepts.
  public ForcedShop(List<Es256Key> keys, int members, @Nullable Reason answer, Clock clock) {
    this.clock = clock;
    this.active = keys.getFirst();
    var all = new ArrayList<Object>();
    keys.forEach(key -> all.addAll(key.jwkSet().objects("keys")));
    var set = Json.empty().with("keys", all);
    this.ingam = HttpDoor.open(ask -> ingam(ask, set));
    this.login = HttpDoor.open(ask -> HttpDoor.json(200, honestToken("m-000000")));
    var http = new HttpCaller();
    var signatureOnly = new SignatureOnlyGate(http, ingam.uri(), clock);
    var forced = new VerifierGate(read(set), ISSUER, answer, clock);
    this.shop = new Shop(new Members(members), new Shop.Gates(forced, signatureOnly));
  }

  /// From now on its token endpoint believes whatever subject token it is shown.
  public ForcedShop grantingEveryExchange() {
    granting = true;
    return this;
  }

  public URI ingam() {
    return ingam.uri();
  }

  public URI login() {
    return login.uri();
  }

  public URI behindIngam() {
    return shop.behindIngam();
  }

  public URI behindSignatureOnly() {
    return shop.behindSignatureOnly();
  }

  public URI books() {
    return shop.books();
  }

  public UpstreamIssuer upstream() {
    return new UpstreamIssuer("https://login.shop.example", Es256Key.generate(random));
  }

  public ClientCredential exchange() {
    return new ClientCredential("shop-exchange", Es256Key.generate(random));
  }

  @Override
  public void close() {
    shop.close();
    login.close();
    ingam.close();
  }

  private Reply ingam(Ask ask, Json set) {
    if (ask.path().equals("/oauth2/jwks")) {
      return HttpDoor.json(200, set);
    }
    return granting
        ? HttpDoor.json(200, honestToken(exchanged(ask)))
        : HttpDoor.json(400, Json.empty().with("error", "invalid_grant"));
  }

  /// The subject of the subject token.
  private static String exchanged(Ask ask) {
    var form = new String(ask.body(), StandardCharsets.US_ASCII);
    var from = form.indexOf("subject_token=") + "subject_token=".length();
    var end = form.indexOf('&', from);
    var jws = CompactJws.read(form.substring(from, end < 0 ? form.length() : end));
    return Json.read(jws.payload(), "the subject token").text("sub");
  }

  private static KeySet read(Json set) {
    return ((KeySetReading.Read) KeySet.read(set.bytes())).keySet();
  }

  private Json honestToken(String subject) {
    var now = clock.instant().getEpochSecond();
    var claims =
        Json.empty()
            .with("iss", ISSUER)
            .with("sub", subject)
            .with("aud", "shop")
            .with("client_id", "shop-exchange")
            .with("iat", now)
            .with("exp", now + 300)
            .with("jti", "AAAAAAAAAAAAAAAAAAAAAA")
            .with("scope", "shop");
    return Json.empty().with("access_token", active.jwt("at+jwt", claims));
  }
}
