package dev.ingam.server.gate;

import dev.ingam.issuance.VerdictCounts;
import dev.ingam.issuance.route.CanonicalPath;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.Route;
import dev.ingam.issuance.route.RouteMatch;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.Reply;
import dev.ingam.verifier.Examination;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;
import java.util.ArrayList;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// `/gate`: a reverse proxy asks before it lets a request through (nginx `auth_request`, Traefik
/// `ForwardAuth`, Caddy `forward_auth`, HAProxy in Lua). `/gate/…`: so asks Envoy's `ext_authz`.
/// The route of the original request says what its token must be; the verifier and the ledger say
/// what it is. What the application behind learns of the caller stands in headers that are made
/// here, never copied from the request.
public final class GateDoor implements Door {
  /// Where it stands, alone or before the path of the original request.
  public static final String PATH = "/gate";

  private static final String REASON = "X-Ingam-Reason";

  /// For the proxy's log: that less than both proofs was enough. Nothing may be decided by it.
  private static final String OBSERVED = "X-Ingam-Observed";

  private final RouteTable routes;
  private final Verifier verifier;
  private final String issuer;
  private final Freshness freshness;

  /// What holds where no route matches.
  private final Route strictest;

  private final VerdictCounts verdicts = new VerdictCounts();

  /// What the routes say of a request.
  @FunctionalInterface
  public interface RouteTable {
    RouteMatch match(String method, CanonicalPath path);
  }

  /// Whether the state of the keys is fresh enough for personal data.
  @FunctionalInterface
  public interface Freshness {
    boolean isFresh();
  }

  public GateDoor(RouteTable routes, Verifier verifier, String issuer, Freshness freshness) {
    this.routes = routes;
    this.verifier = verifier;
    this.issuer = issuer;
    this.freshness = freshness;
    strictest = Route.strictest(issuer);
  }

  @Override
  public Reply answer(Call call) {
    return switch (Original.read(call)) {
      case Original.Unclear(String detail) -> Reply.error(400, "invalid_request", detail);
      case Original.Request(String method, CanonicalPath path) ->
          decide(routes.match(method, path), call.header("Authorization"));
    };
  }

  private Reply decide(RouteMatch match, @Nullable String authorization) {
    return switch (match) {
      case RouteMatch.Found(Route route) -> decide(route, authorization);
      case RouteMatch.Unmatched() -> decide(strictest, authorization);
      case RouteMatch.InDoubt() ->
          Reply.error(503, "temporarily_unavailable", "the route of this request is in doubt");
    };
  }

  private Reply decide(Route route, @Nullable String authorization) {
    var token = bearer(authorization);
    if (token == null) {
      return unauthorized(
          "Bearer", Reason.MALFORMED, "expected Authorization: Bearer with a token");
    }
    if (route.dataClass() == DataClass.PERSONAL && !freshness.isFresh()) {
      return refused(
          route, new Verdict.Refused(Reason.LEDGER_DOUBT, "the state of the keys is not fresh"));
    }
    var expectation =
        new Expectation(issuer, route.audience(), route.singleUse(), route.clientsAllowed())
            .withTrustAtLeast(least(route));
    return switch (verifier.examine(token, expectation)) {
      case Examination.Failed(Verdict.Refused refused) -> refused(route, refused);
      case Examination.Passed passed -> redeem(route, passed);
    };
  }

  /// On personal data both proofs, whatever the audience's policy says.
  private static TrustLevel least(Route route) {
    return route.dataClass() == DataClass.PERSONAL ? TrustLevel.REQUIRED : TrustLevel.OFF;
  }

  /// Scope before the ledger: a request that is refused for scope does not use the token up.
  private Reply redeem(Route route, Examination.Passed passed) {
    if (!passed.token().claims().scope().containsAll(route.scopes())) {
      var wanted = String.join(" ", route.scopes());
      return Reply.error(403, "insufficient_scope", "expected scope " + wanted)
          .with(challenge("Bearer error=\"insufficient_scope\", scope=\"" + wanted + "\""));
    }
    return switch (verifier.redeem(passed)) {
      case Verdict.Accepted accepted -> {
        verdicts.count(null);
        yield admitted(accepted);
      }
      case Verdict.Refused refused -> refused(route, refused);
    };
  }

  private Reply refused(Route route, Verdict.Refused refused) {
    verdicts.count(refused.reason());
    return refusal(route, refused);
  }

  /// What was said of the tokens that were presented here.
  public VerdictCounts verdicts() {
    return verdicts;
  }

  private static Reply admitted(Verdict.Accepted accepted) {
    var claims = accepted.token().claims();
    var headers = new ArrayList<HttpField>();
    headers.add(new HttpField("X-Ingam-Subject", HeaderText.of(claims.subject())));
    headers.add(new HttpField("X-Ingam-Client", HeaderText.of(claims.clientId())));
    headers.add(new HttpField("X-Ingam-Scope", HeaderText.of(claims.scope())));
    if (accepted.ground().isLowered()) {
      var reason = accepted.observed();
      headers.add(new HttpField(OBSERVED, reason == null ? "off" : reason.code()));
    }
    return Reply.empty(200, headers);
  }

  /// Doubt is 503 wherever harm could be done: the token may be good, and nobody has to log in
  /// again.
  private Reply refusal(Route route, Verdict.Refused refused) {
    var reason = refused.reason();
    var doubt = reason == Reason.LEDGER_DOUBT || reason == Reason.LEDGER_UNAVAILABLE;
    if (doubt && route.dataClass() != DataClass.NONE) {
      return Reply.error(503, "temporarily_unavailable", refused.detail())
          .with(new HttpField(REASON, reason.code()));
    }
    return unauthorized(challenge(route), reason, refused.detail());
  }

  /// Says in the one header that every proxy passes on that a route is missing: without it the
  /// reason, `wrong_audience`, looks like the token's fault.
  private String challenge(Route route) {
    var invalid = "Bearer error=\"invalid_token\"";
    return route.equals(strictest)
        ? invalid + ", error_description=\"no route names this method and path\""
        : invalid;
  }

  private static Reply unauthorized(String challenge, Reason reason, String detail) {
    return Reply.error(401, "invalid_token", detail)
        .with(challenge(challenge), new HttpField(REASON, reason.code()));
  }

  private static HttpField challenge(String value) {
    return new HttpField(HttpHeader.WWW_AUTHENTICATE, value);
  }

  /// [RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1); null when there is
  /// no such token.
  private static @Nullable String bearer(@Nullable String authorization) {
    var scheme = "Bearer ";
    if (authorization == null
        || !authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
      return null;
    }
    var token = authorization.substring(scheme.length()).strip();
    return token.isEmpty() ? null : token;
  }
}
