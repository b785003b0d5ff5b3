package dev.ingam.verifier;

import dev.ingam.wire.AccessToken.Claims;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import org.jspecify.annotations.Nullable;

/// What the claims of a token must say, in the order in which they are checked. The first rule that
/// is broken gives the reason.
enum ClaimRule {
  /// [RFC 9068 section 4](https://www.rfc-editor.org/rfc/rfc9068#section-4): exactly the issuer.
  ISSUER {
    @Override
    Verdict.@Nullable Refused refuse(Claims claims, Expectation expected, Times times) {
      return claims.issuer().equals(expected.issuer())
          ? null
          : new Verdict.Refused(Reason.WRONG_ISSUER, "expected iss " + expected.issuer());
    }
  },
  /// [RFC 9068 section 4](https://www.rfc-editor.org/rfc/rfc9068#section-4): meant for this
  /// audience.
  AUDIENCE {
    @Override
    Verdict.@Nullable Refused refuse(Claims claims, Expectation expected, Times times) {
      return claims.audience().equals(expected.audience())
          ? null
          : new Verdict.Refused(Reason.WRONG_AUDIENCE, "expected aud " + expected.audience());
    }
  },
  /// [RFC 7519 section 4.1.4](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4): before `exp`.
  EXPIRY {
    @Override
    Verdict.@Nullable Refused refuse(Claims claims, Expectation expected, Times times) {
      return times.now() < claims.expiresAt() + times.skew()
          ? null
          : new Verdict.Refused(Reason.EXPIRED, "expected exp after " + times.now());
    }
  },
  /// [RFC 7519 section 4.1.6](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.6): not from the
  /// future.
  ISSUED_AT {
    @Override
    Verdict.@Nullable Refused refuse(Claims claims, Expectation expected, Times times) {
      return claims.issuedAt() <= times.now() + times.skew()
          ? null
          : new Verdict.Refused(Reason.NOT_YET_VALID, "expected iat up to " + times.now());
    }
  },
  /// [RFC 9068 section 5](https://www.rfc-editor.org/rfc/rfc9068#section-5): a client is no person.
  SUBJECT {
    @Override
    Verdict.@Nullable Refused refuse(Claims claims, Expectation expected, Times times) {
      return expected.clientsAllowed() || !claims.ofClient()
          ? null
          : new Verdict.Refused(Reason.UNKNOWN_SUBJECT, "expected a person, came a client");
    }
  };

  /// The verifier's clock and how far it may be from the issuer's, in seconds.
  record Times(long now, long skew) {}

  /// Why the claims break this rule; null when they keep it.
  abstract Verdict.@Nullable Refused refuse(Claims claims, Expectation expected, Times times);
}
