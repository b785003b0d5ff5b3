package dev.ingam.wire;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads access tokens of our profile and nothing else. Whatever [TokenWriter] cannot have meant is
/// refused: members beyond the profile, other types, numbers out of range. Safe for several
/// threads.
public final class TokenReader {
  private static final Set<String> HEADER = Set.of("alg", "kid", "typ");
  private static final Set<String> CLAIMS =
      Set.of("iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope", "sid", "cnf");

  public TokenReading read(String token) {
    var jws = CompactJws.read(token);
    if (jws == null) {
      return new TokenReading.Unreadable(
          Reason.MALFORMED, "expected a compact JWS in canonical base64url, at most 8 KiB", null);
    }
    if (!HEADER.containsAll(jws.header().names())) {
      return malformed("expected alg, kid and typ alone in the header", jws);
    }
    if (!AccessToken.TYPE.equals(jws.type())) {
      return new TokenReading.Unreadable(Reason.WRONG_TYPE, "expected typ at+jwt", jws);
    }
    var header = header(jws);
    return header == null
        ? malformed("expected alg ES256, Ed25519, RS256 or PS256, and a kid", jws)
        : readClaims(header, jws);
  }

  private static AccessToken.@Nullable Header header(CompactJws jws) {
    var algorithm = jws.algorithm() == null ? null : Algorithm.ofJose(jws.algorithm());
    var kid = jws.kid();
    return algorithm == null || kid == null || !VerificationKey.isKid(kid)
        ? null
        : new AccessToken.Header(algorithm, kid);
  }

  private static TokenReading readClaims(AccessToken.Header header, CompactJws jws) {
    var json = jws.claims();
    if (json == null) {
      return malformed("expected a payload of one JSON object without duplicate members", jws);
    }
    if (!CLAIMS.containsAll(json.names())) {
      return malformed("expected no claims beyond the profile", jws);
    }
    var issuer = json.string("iss");
    var subject = json.string("sub");
    var audience = json.string("aud");
    var clientId = json.string("client_id");
    if (issuer == null || subject == null || audience == null || clientId == null) {
      return malformed("expected iss, sub, aud and client_id, each one string", jws);
    }
    var problem = AccessToken.Claims.problem(issuer, subject, audience, clientId);
    if (!problem.isEmpty()) {
      return malformed(problem, jws);
    }
    return readRest(header, new Names(issuer, subject, audience, clientId), json, jws);
  }

  private record Names(String issuer, String subject, String audience, String clientId) {}

  private static TokenReading readRest(
      AccessToken.Header header, Names names, JsonObject json, CompactJws jws) {
    var issuedAt = json.number("iat");
    var expiresAt = json.number("exp");
    if (issuedAt == null || expiresAt == null) {
      return malformed("expected iat and exp, each a whole number", jws);
    }
    var jti = json.string("jti");
    var serial = jti == null ? null : Serial.parse(jti);
    if (serial == null) {
      return malformed("expected jti of 16 bytes in base64url", jws);
    }
    var cnf = json.object("cnf");
    var confirmation = cnf == null ? null : Confirmation.read(cnf);
    if (confirmation == null && json.has("cnf")) {
      return malformed("expected cnf, if there, with one of jkt and x5t#S256", jws);
    }
    var scope = scope(json);
    var session = json.string("sid");
    if (scope == null || (session == null && json.has("sid"))) {
      return malformed("expected scope and sid, if there, as strings", jws);
    }
    var problem = AccessToken.Claims.problem(issuedAt, expiresAt, scope, session);
    if (!problem.isEmpty()) {
      return malformed(problem, jws);
    }
    var claims =
        new AccessToken.Claims(
            names.issuer,
            names.subject,
            names.audience,
            names.clientId,
            issuedAt,
            expiresAt,
            serial,
            scope,
            session,
            confirmation);
    return new TokenReading.Read(new AccessToken(header, claims), jws);
  }

  /// An absent scope is none; an empty string, and two spaces, are refused by the claims' own rule.
  private static @Nullable List<String> scope(JsonObject json) {
    if (!json.has("scope")) {
      return List.of();
    }
    var scope = json.string("scope");
    return scope == null ? null : List.of(scope.split(" ", -1));
  }

  private static TokenReading malformed(String detail, CompactJws jws) {
    return new TokenReading.Unreadable(Reason.MALFORMED, detail, jws);
  }
}
