package dev.ingam.drill.shop;

import dev.ingam.drill.web.ClientCredential;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.UpstreamIssuer;
import java.net.URI;

/// What the shop is started with: how many members, where Ingam is, and what its log-in system
/// holds: the key its subject tokens are signed with and two credentials, one to tell of log-ins
/// and one to exchange.
public record ShopConfig(
    int accounts,
    Ingam ingam,
    UpstreamIssuer upstream,
    ClientCredential exchange,
    ClientCredential loginEvents,
    Passwords passwords) {

  /// Where Ingam is.
  public record Ingam(URI publicUri, URI internalUri, String issuer) {
    public static Ingam of(Json json) {
      return new Ingam(
          URI.create(json.text("public")), URI.create(json.text("internal")), json.text("issuer"));
    }

    public Json toJson() {
      return Json.empty()
          .with("public", publicUri.toString())
          .with("internal", internalUri.toString())
          .with("issuer", issuer);
    }
  }

  static ShopConfig of(Json json) {
    return new ShopConfig(
        (int) json.number("accounts"),
        Ingam.of(json.object("ingam")),
        UpstreamIssuer.ofStored(json.object("upstream")),
        ClientCredential.ofStored(json.object("exchange")),
        ClientCredential.ofStored(json.object("login_events")),
        new Passwords(json.text("password_seed")));
  }

  /// With every secret in it: for a file that only the owner reads.
  public Json stored() {
    return Json.empty()
        .with("accounts", accounts)
        .with("ingam", ingam.toJson())
        .with("upstream", upstream.stored())
        .with("exchange", exchange.stored())
        .with("login_events", loginEvents.stored())
        .with("password_seed", passwords.seed());
  }

  URI publicUri() {
    return ingam.publicUri();
  }

  URI internalUri() {
    return ingam.internalUri();
  }

  String issuer() {
    return ingam.issuer();
  }
}
