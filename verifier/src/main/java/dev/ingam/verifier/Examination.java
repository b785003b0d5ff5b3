package dev.ingam.verifier;

import dev.ingam.wire.AccessToken;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Verdict;

/// What a token is before the ledger has the last word.
public sealed interface Examination {
  /// Claims and signature are good. Not accepted yet: [Verifier#confirm] looks at who sent it, and
  /// [Verifier#redeem] decides, after whatever else the caller has to check.
  ///
  /// @param item says what was observed when the ledger would refuse the token and was asked
  ///   already
  /// @param senderKnown whether it was shown to come from whom it is bound to
  record Passed(AccessToken token, LedgerItem item, Expectation expected, boolean senderKnown)
      implements Examination {
    Passed(AccessToken token, LedgerItem item, Expectation expected) {
      this(token, item, expected, false);
    }

    Passed fromItsSender() {
      return new Passed(token, item, expected, true);
    }

    /// Whoever sent it. For introspection alone: who asks there did not get the token from its
    /// sender, is told `cnf`, and has to look at the sender himself ([RFC 9449 section
    /// 6.2](https://www.rfc-editor.org/rfc/rfc9449#section-6.2)).
    public Passed whoeverSentIt() {
      return fromItsSender();
    }
  }

  /// The sender's DPoP proof lacks a good nonce. The answer is 401 with `WWW-Authenticate: DPoP
  /// error="use_dpop_nonce"` and this in `DPoP-Nonce` ([RFC 9449 section
  /// 9](https://www.rfc-editor.org/rfc/rfc9449#section-9)).
  record NonceWanted(String nonce) implements Examination {}

  record Failed(Verdict.Refused refused) implements Examination {}
}
