package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.wire.ReplayStore;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.SignatureLane;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Client authentication: `client_secret_basic` and `client_secret_post` ([RFC 6749 section
/// 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)) and `private_key_jwt` ([RFC 7523
/// section 3](https://www.rfc-editor.org/rfc/rfc7523#section-3)), or a certificate in TLS ([RFC
/// 8705 section 2](https://www.rfc-editor.org/rfc/rfc8705#section-2)), exactly one of them, and the
/// one that the client is registered with. What failed is not told: an unknown client and a wrong
/// secret look alike.
final class ClientAuthenticator {
  /// What came of it.
  sealed interface Outcome {}

  /// This client, enabled.
  record Authenticated(Client client) implements Outcome {}

  /// None. `challenge` is set when HTTP Basic was tried.
  record Failed(OAuthError error, String description, @Nullable String challenge)
      implements Outcome {}

  private static final String CHALLENGE = "Basic realm=\"ingam\", charset=\"UTF-8\"";
  private static final String BASIC = "basic ";
  private static final int MAX_JTI = 200;

  /// Assertions whose signatures are checked at a time: whoever knows a client id makes us check.
  private static final int AT_ONCE = 4;

  private static final String FAILED =
      "expected a known client with its credential; check client id, secret or key";

  private final Clients clients;
  private final Set<String> audiences;
  private final ReplayStore memory;
  private final SignatureCheck signatures;
  private final Clock clock;
  private final SignatureLane lane = new SignatureLane(AT_ONCE);

  /// @param audiences what an assertion's `aud` may be: the issuer and its token endpoints
  ClientAuthenticator(
      Clients clients,
      Set<String> audiences,
      ReplayStore memory,
      SignatureCheck signatures,
      Clock clock) {
    this.clients = clients;
    this.audiences = audiences;
    this.memory = memory;
    this.signatures = signatures;
    this.clock = clock;
  }

  /// @param certificate with which the client came; it counts as a way, whoever's it is
  Outcome authenticate(
      Form form, @Nullable String authorization, @Nullable PresentedCertificate certificate) {
    var secret = form.get("client_secret");
    var assertion = form.get("client_assertion");
    var methods =
        (authorization == null ? 0 : 1)
            + (secret == null ? 0 : 1)
            + (assertion == null ? 0 : 1)
            + (certificate == null ? 0 : 1);
    if (methods > 1) {
      return new Failed(
          OAuthError.INVALID_REQUEST, "expected one way of client authentication", null);
    }
    if (authorization != null) {
      return byBasic(form, authorization);
    }
    if (assertion != null) {
      return byAssertion(form, assertion);
    }
    var id = form.get("client_id");
    if (id == null) {
      return failed(null);
    }
    return certificate == null
        ? secret == null ? failed(null) : bySecret(id, secret, null)
        : byCertificate(id, certificate);
  }

  private Outcome byCertificate(String id, PresentedCertificate certificate) {
    return clients
        .identify(certificate)
        .filter(client -> client.id().equals(id))
        .<Outcome>map(Authenticated::new)
        .orElseGet(() -> failed(null));
  }

  private Outcome byBasic(Form form, String authorization) {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return failed(CHALLENGE);
    }
    byte[] pair;
    try {
      pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
    } catch (IllegalArgumentException e) {
      return failed(CHALLENGE);
    }
    var colon = new String(pair, StandardCharsets.ISO_8859_1).indexOf(':');
    var id = colon < 0 ? null : Form.decode(pair, 0, colon, 200);
    var secret = colon < 0 ? null : Form.decode(pair, colon + 1, pair.length, 200);
    if (id == null || secret == null || isOther(form, id)) {
      return failed(CHALLENGE);
    }
    return bySecret(id, secret, CHALLENGE);
  }

  private Outcome bySecret(String id, String secret, @Nullable String challenge) {
    return clients
        .authenticate(id, secret)
        .<Outcome>map(Authenticated::new)
        .orElseGet(() -> failed(challenge));
  }

  private Outcome byAssertion(Form form, String assertion) {
    if (!TokenTypes.ASSERTION.equals(form.get("client_assertion_type"))) {
      return new Failed(
          OAuthError.INVALID_REQUEST,
          "expected client_assertion_type " + TokenTypes.ASSERTION,
          null);
    }
    var jwt = ForeignJwt.read(assertion);
    var id = jwt == null ? null : jwt.claims().string("sub");
    if (jwt == null || id == null || !id.equals(jwt.claims().string("iss")) || isOther(form, id)) {
      return failed(null);
    }
    var client = clients.find(id).filter(Client::enabled).orElse(null);
    if (client == null
        || !(client.authentication() instanceof ClientAuthentication.PrivateKeyJwt byKey)) {
      return failed(null);
    }
    var signed = lane.run(() -> jwt.isSignedBy(byKey.keys(), signatures));
    if (signed == null) {
      return tryAgain("expected fewer client assertions at once; try again");
    }
    return signed ? checkClaims(jwt, client) : failed(null);
  }

  /// Only after the signature: from here on the client itself is told what is wrong.
  private Outcome checkClaims(ForeignJwt jwt, Client client) {
    var problem = JwtTimes.problem(jwt.claims(), clock);
    if (problem != null) {
      return rejected("client_assertion: " + problem);
    }
    if (!jwt.isOnlyFor(audiences)) {
      return rejected(
          "client_assertion: expected the issuer as the only aud; see the server's metadata");
    }
    var jti = jwt.claims().string("jti");
    if (jti == null || jti.isEmpty() || jti.length() > MAX_JTI) {
      return rejected("client_assertion: expected a jti of 1 to 200 characters");
    }
    return firstUse(client, jti, JwtTimes.deadFrom(jwt.claims()));
  }

  private Outcome firstUse(Client client, String jti, Instant deadFrom) {
    return switch (memory.remember(client.id(), jti, deadFrom, clock.instant())) {
      case FIRST_USE -> new Authenticated(client);
      case REPLAYED -> rejected("client_assertion: expected a new jti; this one was used");
      case FULL -> tryAgain("expected fewer assertions of this client; try again in a minute");
      case FORGOTTEN ->
          tryAgain("expected a clock that goes on; the server's was put back, try again later");
    };
  }

  private static boolean isOther(Form form, String id) {
    var named = form.get("client_id");
    return named != null && !named.equals(id);
  }

  private static Failed tryAgain(String description) {
    return new Failed(OAuthError.TEMPORARILY_UNAVAILABLE, description, null);
  }

  private static Failed rejected(String description) {
    return new Failed(OAuthError.INVALID_CLIENT, description, null);
  }

  private static Failed failed(@Nullable String challenge) {
    return new Failed(OAuthError.INVALID_CLIENT, FAILED, challenge);
  }
}
