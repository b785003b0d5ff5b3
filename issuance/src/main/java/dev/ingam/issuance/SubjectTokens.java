package dev.ingam.issuance;

import dev.ingam.issuance.session.SessionId;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.SignatureCheck;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what the log-in system vouches for: the `subject_token` of an exchange, a JWT of the one
/// configured upstream issuer ([RFC 8693 section
/// 2.1](https://www.rfc-editor.org/rfc/rfc8693#section-2.1)).
final class SubjectTokens {
  /// What came of it.
  sealed interface Reading {}

  /// The upstream vouches for this subject. The session is null when the token names none.
  record Vouched(String subject, @Nullable SessionId session) implements Reading {
    @Override
    public String toString() {
      return "Vouched[redacted]";
    }
  }

  /// It does not.
  record Refused(String detail) implements Reading {}

  private final @Nullable UpstreamIssuer upstream;
  private final Set<String> audiences;
  private final SignatureCheck signatures;
  private final Clock clock;

  /// @param upstream null when none is configured: then every exchange is refused
  /// @param audiences what `aud` may be: our issuer
  SubjectTokens(
      @Nullable UpstreamIssuer upstream,
      Set<String> audiences,
      SignatureCheck signatures,
      Clock clock) {
    this.upstream = upstream;
    this.audiences = audiences;
    this.signatures = signatures;
    this.clock = clock;
  }

  Reading read(String token) {
    if (upstream == null) {
      return new Refused("expected an upstream issuer to be configured; set ingam.upstream");
    }
    var jwt = ForeignJwt.read(token);
    if (jwt == null || !jwt.isSignedBy(upstream.keys(), signatures)) {
      return new Refused("expected a JWT signed by a pinned key of the upstream issuer");
    }
    if (!upstream.issuer().equals(jwt.claims().string("iss"))) {
      return new Refused("expected iss to be the configured upstream issuer");
    }
    if (!jwt.isOnlyFor(audiences)) {
      return new Refused("expected this authority's issuer as the only aud");
    }
    var problem = JwtTimes.problem(jwt.claims(), clock);
    if (problem != null) {
      return new Refused(problem);
    }
    return vouched(jwt);
  }

  private static Reading vouched(ForeignJwt jwt) {
    var subject = jwt.claims().string("sub");
    if (subject == null
        || !AccessToken.isSubject(subject)
        || subject.startsWith(AccessToken.CLIENT_SUBJECT)) {
      return new Refused(
          "expected sub of 1 to 48 bytes, no space at its ends, that does not start with client:");
    }
    var sid = jwt.claims().string("sid");
    return new Vouched(subject, sid == null ? null : SessionId.parse(sid));
  }
}
