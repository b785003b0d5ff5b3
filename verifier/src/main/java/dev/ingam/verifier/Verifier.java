package dev.ingam.verifier;

import dev.ingam.wire.CompactJws;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.ReplayMemory;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.SignatureLane;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import dev.ingam.wire.TrustLevel;
import dev.ingam.wire.Verdict;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Token in, verdict out. A token is accepted when a live key of the issuer signed it, its claims
/// are those expected, *and* the ledger says that it issued exactly this token. Whatever is absent
/// refuses. Never throws for what a token holds; safe to call concurrently.
///
/// The order: profile ([TokenReader]), claims ([ClaimRule]), what the ledger last said is revoked,
/// if so built a look into the ledger, key and signature ([KeyRule]), who sent it ([SenderRule]),
/// and last the redemption, as the ledger's digest does not cover the signature. A token that is
/// refused on the way although a key of the issuer signed it goes to the server, which judges
/// whether it is a forgery: a wrong audience must not hide one.
///
/// While the server says that an audience is observed, what the ledger lacks evidence for is
/// accepted, marked so and handed to it; while it says `off`, the ledger is not asked
/// ([TrustRule]).
public final class Verifier {
  private static final List<ClaimRule> CLAIM_RULES = List.of(ClaimRule.values());

  private final TokenReader reader = new TokenReader();
  private final KeyRule keyRule;
  private final LedgerClient ledger;
  private final RequestIds requestIds;
  private final Clock clock;
  private final long skewSeconds;
  private final LedgerStateSource ledgerState;
  private final TrustRule trustRule;
  private final SenderRule senderRule;
  private final @Nullable SignatureLane lane;

  private Verifier(Builder builder) {
    this.keyRule = new KeyRule(builder.keys, builder.signatures);
    this.ledger = builder.ledger;
    this.requestIds = new RequestIds(builder.random);
    this.clock = builder.clock;
    this.skewSeconds = builder.skew.toSeconds();
    this.ledgerState = builder.ledgerState;
    this.trustRule = new TrustRule(builder.ledgerState, keyRule);
    this.senderRule = new SenderRule(builder.dpop());
    this.lane = builder.unknownAtOnce == 0 ? null : new SignatureLane(builder.unknownAtOnce);
  }

  public static Builder builder(KeySource keys, LedgerClient ledger, Clock clock) {
    return new Builder(keys, ledger, clock);
  }

  /// All steps at once, of a token that came as `Bearer` with nothing beside it: one that is bound
  /// to its sender is refused.
  public Verdict verify(String token, Expectation expected) {
    return verify(token, Presentation.bearer(), expected);
  }

  /// All steps at once, for callers with nothing to check between them. Who asks for nonces takes
  /// the steps one by one.
  public Verdict verify(String token, Presentation by, Expectation expected) {
    var examination = examine(token, expected);
    if (examination instanceof Examination.Passed passed) {
      examination = confirm(passed, by);
    }
    return examination instanceof Examination.Passed passed ? redeem(passed) : refused(examination);
  }

  /// Whether the token comes from whom it is bound to. A DPoP proof is used up by it. What is
  /// refused goes to the server all the same: nobody hides a forgery by binding it.
  public Examination confirm(Examination.Passed passed, Presentation by) {
    var examination = senderRule.confirm(passed, by);
    if (examination instanceof Examination.Failed && lane == null) {
      ledger.report(passed.item().token());
    }
    return examination;
  }

  private static Verdict.Refused refused(Examination examination) {
    return examination instanceof Examination.Failed failed
        ? failed.refused()
        : new Verdict.Refused(Reason.SENDER_MISMATCH, "expected a DPoP proof with a good nonce");
  }

  /// All but sender and the last word of the ledger. Nothing is used up yet.
  public Examination examine(String token, Expectation expected) {
    var reading = reader.read(token);
    if (!(reading instanceof TokenReading.Read read)) {
      return unreadable((TokenReading.Unreadable) reading);
    }
    var claims = read.token().claims();
    var times = new ClaimRule.Times(Math.floorDiv(clock.millis(), 1000L), skewSeconds);
    for (var rule : CLAIM_RULES) {
      var refused = rule.refuse(claims, expected, times);
      if (refused != null) {
        reportIfSigned(read.jws());
        return new Examination.Failed(refused);
      }
    }
    var state = ledgerState.current();
    if (state != null && state.revokes(read.token())) {
      reportIfSigned(read.jws());
      return new Examination.Failed(
          new Verdict.Refused(Reason.REVOKED, "the ledger has revoked what was issued before"));
    }
    var item =
        new LedgerItem(requestIds.next(), claims.serial().toString(), expected.singleUse(), token);
    var passed = new Examination.Passed(read.token(), item, expected);
    if (lane == null) {
      return checkKey(passed, read.jws());
    }
    return trustRule.isOff(passed)
        ? unasked(passed, read.jws(), lane)
        : checkKeyInLane(passed, read.jws(), lane);
  }

  /// The last step. A single-use token is used up by it. One whose sender nobody looked at counts
  /// as sent by anyone.
  public Verdict redeem(Examination.Passed passed) {
    if (!passed.senderKnown()
        && !(confirm(passed, Presentation.bearer()) instanceof Examination.Passed)) {
      return new Verdict.Refused(
          Reason.SENDER_MISMATCH, "expected the token from whom it is bound to");
    }
    var known = passed.item().observed();
    if (known != null) {
      return decide(passed, known);
    }
    if (trustRule.isOff(passed)) {
      return keyRule.standsAlone(passed.token().header().kid())
          ? new Verdict.Accepted(passed.token(), TrustLevel.OFF, null)
          : taintedAlone();
    }
    var reason = redeem(passed.item());
    if (reason == null) {
      return new Verdict.Accepted(passed.token());
    }
    var verdict = decide(passed, reason);
    if (verdict instanceof Verdict.Accepted) {
      ledger.observed(passed.item().token(), reason);
    }
    return verdict;
  }

  /// Null when the ledger accepts.
  private @Nullable Reason redeem(LedgerItem item) {
    var answer = ledger.redeem(item);
    return answer.requestId().equals(item.requestId())
        ? answer.reason()
        : Reason.LEDGER_UNAVAILABLE; // another's
  }

  /// What becomes of a token that the ledger would refuse.
  private Verdict decide(Examination.Passed passed, Reason reason) {
    return trustRule.forgives(trustRule.level(passed), passed.token(), reason)
        ? new Verdict.Accepted(passed.token(), TrustLevel.OBSERVE, reason)
        : new Verdict.Refused(reason, "the ledger refused");
  }

  private static Verdict.Refused taintedAlone() {
    return new Verdict.Refused(
        Reason.REVOKED_KEY, "the key is tainted, and the ledger is not asked for this audience");
  }

  private Examination unreadable(TokenReading.Unreadable reading) {
    if (reading.jws() != null) {
      reportIfSigned(reading.jws());
    }
    return new Examination.Failed(new Verdict.Refused(reading.reason(), reading.detail()));
  }

  private Examination checkKey(Examination.Passed passed, CompactJws jws) {
    var finding = keyRule.find(jws);
    var refused = finding.refused();
    if (refused == null
        && trustRule.isOff(passed)
        && !keyRule.standsAlone(passed.token().header().kid())) {
      refused = taintedAlone();
    }
    if (refused == null) {
      return passed;
    }
    if (finding.signed()) {
      ledger.report(jws.token());
    }
    return new Examination.Failed(refused);
  }

  /// What the ledger refuses is refused without a second look at its signature: the server has
  /// judged the whole token. Where it is forgiven it waits for one of few places, so that whoever
  /// sends junk waits for others who send junk.
  private Examination checkKeyInLane(
      Examination.Passed passed, CompactJws jws, SignatureLane unknown) {
    var reason = ledger.lookup(passed.item()).reason();
    if (reason == null) {
      return checkKey(passed, jws);
    }
    return trustRule.level(passed).forgives(reason)
        ? inTurn(unknown, () -> observed(passed, jws, reason))
        : refusedAtLookup(reason);
  }

  /// Where the ledger is not asked nobody knows which tokens are junk: all of that audience wait
  /// for each other, and no other audience for them.
  private Examination unasked(Examination.Passed passed, CompactJws jws, SignatureLane unknown) {
    return inTurn(unknown, () -> checkKey(passed, jws));
  }

  private static Examination inTurn(SignatureLane lane, Supplier<Examination> check) {
    var examination = lane.run(check);
    return examination == null
        ? new Examination.Failed(
            new Verdict.Refused(Reason.LEDGER_UNAVAILABLE, "too many unknown tokens at once"))
        : examination;
  }

  private static Examination refusedAtLookup(Reason reason) {
    return new Examination.Failed(new Verdict.Refused(reason, "the ledger refused at lookup"));
  }

  /// The audience is observed: what the ledger would refuse passes under a key that stands alone.
  /// The server has judged it at the lookup: no redemption and no report, or one forgery would be
  /// counted twice.
  private Examination observed(Examination.Passed passed, CompactJws jws, Reason reason) {
    var refused = keyRule.find(jws).refused();
    if (refused != null) {
      return new Examination.Failed(refused);
    }
    if (!trustRule.forgives(trustRule.level(passed), passed.token(), reason)) {
      return refusedAtLookup(reason);
    }
    ledger.observed(passed.item().token(), reason);
    return new Examination.Passed(
        passed.token(), passed.item().observed(reason), passed.expected());
  }

  private void reportIfSigned(CompactJws jws) {
    if (lane == null) {
      report(jws);
    } else {
      lane.run(() -> report(jws));
    }
  }

  private boolean report(CompactJws jws) {
    var signed = keyRule.find(jws).signed();
    if (signed) {
      ledger.report(jws.token());
    }
    return signed;
  }

  /// What a verifier is made of. Without more said: 60 seconds of skew, the JDK's choice of crypto
  /// provider, no look into the ledger before the signature check, DPoP proofs by their time and
  /// not by nonces.
  public static final class Builder {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    /// DPoP proofs remembered at a time. A client alone may hold half of them: 2,900 a second, as
    /// each is kept for three minutes at most.
    private static final int PROOFS = 1 << 20;

    private final KeySource keys;
    private final LedgerClient ledger;
    private final Clock clock;
    private SecureRandom random = new SecureRandom();
    private Duration skew = Duration.ofSeconds(60);
    private SignatureCheck signatures = new SignatureCheck(null);
    private LedgerStateSource ledgerState = () -> null;
    private int unknownAtOnce;
    private @Nullable DpopCheck dpop;

    private Builder(KeySource keys, LedgerClient ledger, Clock clock) {
      this.keys = keys;
      this.ledger = ledger;
      this.clock = clock;
    }

    public Builder random(SecureRandom newRandom) {
      random = newRandom;
      return this;
    }

    /// How far this clock and the issuer's may be apart, at most five minutes.
    public Builder skew(Duration newSkew) {
      if (newSkew.isNegative() || newSkew.compareTo(MAX_SKEW) > 0) {
        throw new IllegalArgumentException("expected a skew of 0 to 5 minutes, came " + newSkew);
      }
      skew = newSkew;
      return this;
    }

    public Builder signatureCheck(SignatureCheck newSignatures) {
      signatures = newSignatures;
      return this;
    }

    /// Refuses what the ledger last said is revoked, before it is asked, and asks for as much proof
    /// as the server says; see [PolledLedgerState]. Without it both proofs are required.
    public Builder ledgerState(LedgerStateSource newLedgerState) {
      ledgerState = newLedgerState;
      return this;
    }

    /// Checks DPoP proofs otherwise: with nonces, with a memory that several processes share.
    public Builder dpop(DpopCheck newDpop) {
      dpop = newDpop;
      return this;
    }

    private DpopCheck dpop() {
      return dpop == null
          ? new DpopCheck(new SignatureCheck(null), new ReplayMemory(PROOFS, random), null, clock)
          : dpop;
    }

    /// Has the ledger looked into before the signature check; tokens that it does not know are then
    /// checked `unknownAtOnce` at a time. Worth it where a lookup costs far less than a signature
    /// check.
    public Builder lookupFirst(int newUnknownAtOnce) {
      if (newUnknownAtOnce < 1) {
        throw new IllegalArgumentException("expected one at least, came " + newUnknownAtOnce);
      }
      unknownAtOnce = newUnknownAtOnce;
      return this;
    }

    public Verifier build() {
      return new Verifier(this);
    }
  }
}
