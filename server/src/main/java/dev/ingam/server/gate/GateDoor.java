package dev.ingam.server.gate;

import dev.ingam.issuance.VerdictCounts;
import dev.ingam.issuance.route.CanonicalPath;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.Route;
import dev.ingam.issuance.route.RouteMatch;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.Dpop;
import dev.ingam.server.door.Reply;
import dev.ingam.verifier.Examination;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TargetUri;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/// `/gate`: a reverse proxy asks before it lets a request through (nginx `auth_request`, Traefik
/// `ForwardAuth`, Caddy `forward_auth`, HAProxy in Lua). `/gate/…`: so asks Envoy's `ext_authz`.
/// The route of the original request says what its token must be; the verifier and the ledger say
/// what it is. What the application behind learns of the caller stands in headers that are made
/// here, never copied from the request.
public final class GateDoor implements Door {
  /// Where it stands, alone or before the path of the original request.
  public static final String PATH = "/gate";

  private static final String REASON = "X-Ingam-Reason";
  private static final String BEARER = "Bearer";
  private static final String DPOP = Dpop.HEADER;

  /// For the proxy's log: that less than both proofs was enough. Nothing may be decided by it.
  private static final String OBSERVED = "X-Ingam-Observed";

  private final RouteTable routes;
  private final Verifier verifier;
  private final Trust trust;

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

  /// What the gate goes by beside routes and tokens.
  ///
  /// @param issuer of the tokens
  /// @param dpop gives the nonces of DPoP proofs
  /// @param origins where clients reach the applications behind, beside what their audiences say
  /// @param certificates whether the reverse proxy sets, and overwrites, `Client-Cert`: who can
  ///   write that header himself passes with a stolen token that is bound to a certificate
  public record Trust(
      String issuer,
      Freshness freshness,
      DpopCheck dpop,
      List<TargetUri> origins,
      boolean certificates) {
    public Trust {
      origins = List.copyOf(origins);
    }
  }

  public GateDoor(RouteTable routes, Verifier verifier, Trust trust) {
    this.routes = routes;
    this.verifier = verifier;
    this.trust = trust;
    strictest = Route.strictest(trust.issuer());
  }

  @Override
  public Reply answer(Call call) {
    return switch (Original.read(call)) {
      case Original.Unclear(String detail) -> Reply.error(400, "invalid_request", detail);
      case Original.Request request -> decide(call, request);
    };
  }

  private Reply decide(Call call, Original.Request request) {
    return switch (routes.match(request.method(), request.path())) {
      case RouteMatch.Found(Route route) -> decide(call, request, route);
      case RouteMatch.Unmatched() -> decide(call, request, strictest);
      case RouteMatch.InDoubt() ->
          Reply.error(503, "temporarily_unavailable", "the route of this request is in doubt");
    };
  }

  private Reply decide(Call call, Original.Request request, Route route) {
    var sender = Sender.of(call);
    var token = sender.token();
    if (token == null) {
      return unauthorized(
          BEARER, Reason.MALFORMED, "expected Authorization: Bearer (or DPoP) with a token");
    }
    var asked = new Asked(route, sender, sender.byDpop() ? DPOP : BEARER);
    if (route.dataClass() == DataClass.PERSONAL && !trust.freshness().isFresh()) {
      return refused(
          asked, new Verdict.Refused(Reason.LEDGER_DOUBT, "the state of the keys is not fresh"));
    }
    var examination = verifier.examine(token, expectation(route));
    if (examination instanceof Examination.Passed passed) {
      asked = new Asked(route, sender, passed.token().claims().tokenType());
      examination =
          verifier.confirm(
              passed,
              sender.presentation(
                  call, request.method(), uris(route, request), trust.certificates()));
    }
    var reply =
        switch (examination) {
          case Examination.Failed(Verdict.Refused refused) -> refused(asked, refused);
          case Examination.NonceWanted wanted -> nonceWanted();
          case Examination.Passed passed -> redeem(asked, passed);
        };
    return sender.byDpop() ? Dpop.withNonce(reply, trust.dpop()) : reply;
  }

  /// A request with its route and who sent it.
  ///
  /// @param scheme under which the token should come; under which it came while that is not known
  private record Asked(Route route, Sender sender, String scheme) {}

  /// Where the request may have gone: its path at the audience, where that is an address, and at
  /// each origin that is configured.
  private Set<TargetUri> uris(Route route, Original.Request request) {
    return Stream.concat(Stream.of(TargetUri.of(route.audience())), trust.origins().stream())
        .filter(Objects::nonNull)
        .map(origin -> origin.withPath(request.path().toString()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Expectation expectation(Route route) {
    var expectation =
        new Expectation(trust.issuer(), route.audience(), route.singleUse(), route.clientsAllowed())
            .withTrustAtLeast(least(route));
    return route.boundOnly() ? expectation.ofBoundTokens() : expectation;
  }

  /// [RFC 9449 section 9](https://www.rfc-editor.org/rfc/rfc9449#section-9).
  private Reply nonceWanted() {
    verdicts.count(Reason.SENDER_MISMATCH);
    return Reply.error(401, "use_dpop_nonce", "expected in the proof's nonce what DPoP-Nonce says")
        .with(
            challenge(DPOP + " error=\"use_dpop_nonce\", " + Dpop.ALGORITHMS),
            new HttpField(REASON, Reason.SENDER_MISMATCH.code()));
  }

  /// On personal data both proofs, whatever the audience's policy says.
  private static TrustLevel least(Route route) {
    return route.dataClass() == DataClass.PERSONAL ? TrustLevel.REQUIRED : TrustLevel.OFF;
  }

  /// Scope before the ledger: a request that is refused for scope does not use the token up.
  private Reply redeem(Asked asked, Examination.Passed passed) {
    var route = asked.route();
    if (!passed.token().claims().scope().containsAll(route.scopes())) {
      var wanted = String.join(" ", route.scopes());
      return Reply.error(403, "insufficient_scope", "expected scope " + wanted)
          .with(
              challenge(
                  asked.scheme() + " error=\"insufficient_scope\", scope=\"" + wanted + "\""));
    }
    return switch (verifier.redeem(passed)) {
      case Verdict.Accepted accepted -> {
        verdicts.count(null);
        yield admitted(accepted);
      }
      case Verdict.Refused refused -> refused(asked, refused);
    };
  }

  private Reply refused(Asked asked, Verdict.Refused refused) {
    verdicts.count(refused.reason());
    return refusal(asked, refused);
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
  private Reply refusal(Asked asked, Verdict.Refused refused) {
    var reason = refused.reason();
    var doubt = reason == Reason.LEDGER_DOUBT || reason == Reason.LEDGER_UNAVAILABLE;
    if (doubt && asked.route().dataClass() != DataClass.NONE) {
      return Reply.error(503, "temporarily_unavailable", refused.detail())
          .with(new HttpField(REASON, reason.code()));
    }
    return unauthorized(challenge(asked, reason), reason, refused.detail());
  }

  /// Says in the one header that every proxy passes on that a route is missing: without it the
  /// reason, `wrong_audience`, looks like the token's fault.
  private String challenge(Asked asked, Reason reason) {
    boolean dpop = asked.scheme().equals(DPOP);
    var badProof = dpop && asked.sender().byDpop() && reason == Reason.SENDER_MISMATCH;
    var challenge =
        asked.scheme()
            + " error=\""
            + (badProof ? "invalid_dpop_proof" : "invalid_token")
            + "\""
            + (dpop ? ", " + Dpop.ALGORITHMS : "");
    return asked.route().equals(strictest)
        ? challenge + ", error_description=\"no route names this method and path\""
        : challenge;
  }

  private static Reply unauthorized(String challenge, Reason reason, String detail) {
    return Reply.error(401, "invalid_token", detail)
        .with(challenge(challenge), new HttpField(REASON, reason.code()));
  }

  private static HttpField challenge(String value) {
    return new HttpField(HttpHeader.WWW_AUTHENTICATE, value);
  }
}
