package dev.ingam.drill.attack;

import dev.ingam.drill.web.ClientCredential;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.UpstreamIssuer;
import java.net.URI;
import java.nio.file.Path;

/// What the attacker knows and holds.
public record AttackConfig(
    Targets targets, Customer self, StolenStore signing, StolenStore reserve, Login login) {

  /// Where he goes, and how many members he counts through; `unknown` more ids belong to nobody.
  public record Targets(
      URI login, URI behindIngam, URI behindSignatureOnly, int accounts, int unknown) {}

  /// He is a customer too.
  public record Customer(String member, String password) {
    @Override
    public String toString() {
      return "Customer[" + member + "]";
    }
  }

  /// What he took from the log-in system: its signing key and the credential that exchanges. Not
  /// the one that tells of log-ins.
  public record Login(
      URI publicUri,
      URI internalUri,
      String issuer,
      UpstreamIssuer upstream,
      ClientCredential exchange) {}

  static AttackConfig of(Json json) {
    var targets = json.object("targets");
    var self = json.object("self");
    var login = json.object("login");
    return new AttackConfig(
        new Targets(
            URI.create(targets.text("login")),
            URI.create(targets.text("ingam")),
            URI.create(targets.text("signature_only")),
            (int) targets.number("accounts"),
            (int) targets.number("unknown")),
        new Customer(self.text("member"), self.text("password")),
        store(json.object("signing")),
        store(json.object("reserve")),
        new Login(
            URI.create(login.text("public")),
            URI.create(login.text("internal")),
            login.text("issuer"),
            UpstreamIssuer.ofStored(login.object("upstream")),
            ClientCredential.ofStored(login.object("exchange"))));
  }

  public Json stored() {
    return Json.empty()
        .with(
            "targets",
            Json.empty()
                .with("login", targets.login().toString())
                .with("ingam", targets.behindIngam().toString())
                .with("signature_only", targets.behindSignatureOnly().toString())
                .with("accounts", targets.accounts())
                .with("unknown", targets.unknown()))
        .with("self", Json.empty().with("member", self.member()).with("password", self.password()))
        .with("signing", stored(signing))
        .with("reserve", stored(reserve))
        .with(
            "login",
            Json.empty()
                .with("public", login.publicUri().toString())
                .with("internal", login.internalUri().toString())
                .with("issuer", login.issuer())
                .with("upstream", login.upstream().stored())
                .with("exchange", login.exchange().stored()));
  }

  private static StolenStore store(Json json) {
    return new StolenStore(
        Path.of(json.text("data")), json.text("domain"), Path.of(json.text("master_key")));
  }

  private static Json stored(StolenStore store) {
    return Json.empty()
        .with("data", store.dataFolder().toString())
        .with("domain", store.domain())
        .with("master_key", store.masterKeyFile().toString());
  }
}
