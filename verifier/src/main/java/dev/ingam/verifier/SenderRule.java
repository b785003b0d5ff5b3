package dev.ingam.verifier;

import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Confirmation;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Whether a token comes from whom it is bound to: by a DPoP proof ([RFC 9449 section
/// 7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1)) or in TLS with his certificate ([RFC
/// 8705 section 3](https://www.rfc-editor.org/rfc/rfc8705#section-3)). What is bound never passes
/// otherwise, and what is not bound never as if it were.
final class SenderRule {
  private final DpopCheck dpop;

  SenderRule(DpopCheck dpop) {
    this.dpop = dpop;
  }

  Examination confirm(Examination.Passed passed, Presentation by) {
    var confirmation = passed.token().claims().confirmation();
    if (confirmation == null) {
      return unbound(passed, by);
    }
    return switch (confirmation.method()) {
      case DPOP -> byProof(passed, by, confirmation);
      case CERTIFICATE -> byCertificate(passed, by, confirmation);
    };
  }

  private static Examination unbound(Examination.Passed passed, Presentation by) {
    if (by.proof() != null) {
      return mismatch("expected the scheme Bearer; the token is bound to no key");
    }
    return passed.expected().boundOnly()
        ? mismatch("expected a token that is bound to its sender")
        : passed.fromItsSender();
  }

  private Examination byProof(Examination.Passed passed, Presentation by, Confirmation bound) {
    if (by.proof() == null) {
      return mismatch("expected the scheme DPoP and a proof; the token is bound to a key");
    }
    AccessToken.Claims claims = passed.token().claims();
    var result =
        dpop.check(
            by.proof(),
            new DpopCheck.Request(
                by.method(),
                by.uris(),
                claims.clientId(),
                new DpopCheck.Bound(passed.item().token(), bound.thumbprint())));
    if (result.nonce() != null) {
      return new Examination.NonceWanted(result.nonce());
    }
    if (result.problem() == null) {
      return passed.fromItsSender();
    }
    return result.doubt()
        ? new Examination.Failed(
            new Verdict.Refused(Reason.LEDGER_UNAVAILABLE, "DPoP proof: " + result.problem()))
        : mismatch("DPoP proof: " + result.problem());
  }

  private static Examination byCertificate(
      Examination.Passed passed, Presentation by, Confirmation bound) {
    return by.proof() == null && same(bound.thumbprint(), by.certificate())
        ? passed.fromItsSender()
        : mismatch("expected, in TLS, the certificate that the token is bound to");
  }

  private static boolean same(String one, @Nullable String other) {
    return other != null
        && MessageDigest.isEqual(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static Examination mismatch(String detail) {
    return new Examination.Failed(new Verdict.Refused(Reason.SENDER_MISMATCH, detail));
  }
}
