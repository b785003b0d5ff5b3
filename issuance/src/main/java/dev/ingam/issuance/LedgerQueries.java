package dev.ingam.issuance;

import dev.ingam.issuance.judge.JudgeLane;
import dev.ingam.issuance.judge.Judgement;
import dev.ingam.issuance.judge.Ruling;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What verifiers ask the ledger. Safe to call concurrently; never throws for what is in an item.
///
/// The serial finds the slot and the digest decides; only what does not match is parsed and judged,
/// so a verifier's word is never evidence and honest traffic pays for no parsing. The signature is
/// the verifier's to check, before it redeems.
public final class LedgerQueries {
  private static final int RETRY_SLOTS = 1 << 17;

  /// Judging may take so long in one batch. Whoever sends 512 items does not make the honest ones
  /// among them wait for the others.
  private static final long JUDGING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Ledger ledger;
  private final Watermarks watermarks;
  private final JudgeLane lane;
  private final Observations observed;
  private final RetryMemory retries;
  private final LongSupplier nanos;
  private final TokenReader reader = new TokenReader();
  private final VerdictCounts lookups = new VerdictCounts();
  private final VerdictCounts redemptions = new VerdictCounts();
  private final VerdictCounts reports = new VerdictCounts();

  /// Beside the ledger.
  record Beside(Watermarks watermarks, JudgeLane lane, Observations observed) {}

  LedgerQueries(Ledger ledger, Beside beside, LongSupplier nanos) {
    this.ledger = ledger;
    this.watermarks = beside.watermarks();
    this.lane = beside.lane();
    this.observed = beside.observed();
    this.nanos = nanos;
    this.retries = new RetryMemory(RETRY_SLOTS, nanos);
  }

  /// Who asks, and what judging has cost him in this batch. Owned by one thread.
  private final class Asking {
    private final String caller;
    private long leftNanos = JUDGING_NANOS;

    private Asking(String caller) {
      this.caller = caller;
    }

    @Nullable Judgement judge(String token) {
      var start = nanos.getAsLong();
      try {
        return lane.judge(token, caller, leftNanos);
      } finally {
        leftNanos -= nanos.getAsLong() - start;
      }
    }
  }

  /// Whether these tokens were issued and would be accepted. Writes nothing.
  public List<LedgerAnswer> lookup(Caller caller, List<LedgerItem> items) {
    expect(items);
    var asking = new Asking(caller.clientId());
    return items.stream().map(item -> answer(item, lookup(item, asking), lookups)).toList();
  }

  /// Accepts these tokens, each that is for single use once.
  public List<LedgerAnswer> redeem(Caller caller, List<LedgerItem> items) {
    expect(items);
    var asking = new Asking(caller.clientId());
    return items.stream().map(item -> answer(item, redeem(item, asking), redemptions)).toList();
  }

  /// Lets the slots of a batch come from memory side by side.
  private void expect(List<LedgerItem> items) {
    for (var item : items) {
      var serial = Serial.parse(item.jti());
      if (serial != null) {
        ledger.expect(serial);
      }
    }
  }

  /// Judges tokens that the caller refused, or accepted although we would have refused them. The
  /// answers say what we would say of them.
  public List<LedgerAnswer> report(Caller caller, List<LedgerItem> items) {
    var asking = new Asking(caller.clientId());
    return items.stream().map(item -> answer(item, reported(item, asking), reports)).toList();
  }

  /// What was observed is counted. What we were asked about was judged then.
  private @Nullable Reason reported(LedgerItem item, Asking asking) {
    var reason = item.observed();
    if (reason != null) {
      observed.count(item.token(), reason);
    }
    return reason == null || reason == Reason.LEDGER_UNAVAILABLE
        ? opinion(item.token(), asking)
        : reason;
  }

  /// The questions of a door of the same process, as the gate: nothing is lost between it and us,
  /// so nothing is remembered.
  ///
  /// @param name under which forgeries that it shows are recorded
  public InProcess inProcess(String name) {
    return new InProcess(name);
  }

  /// How a door of the same process asks.
  public final class InProcess {
    private final String name;

    private InProcess(String name) {
      this.name = name;
    }

    /// One lookup. Null when the token is good.
    public @Nullable Reason lookup(LedgerItem item) {
      return LedgerQueries.this.lookup(item, new Asking(name));
    }

    /// Counts a token that the door accepted although we refused it when it asked.
    public void observed(String token, Reason reason) {
      observed.count(token, reason);
    }

    /// One redemption. Null when the token is accepted.
    public @Nullable Reason redeem(LedgerItem item) {
      return ask(
          item,
          new Asking(name),
          (serial, digest) -> ledger.redeem(serial, digest, item.singleUse()));
    }

    /// Judges a token that the door refused.
    public void report(String token) {
      opinion(token, new Asking(name));
    }
  }

  private @Nullable Reason lookup(LedgerItem item, Asking asking) {
    return ask(item, asking, (serial, digest) -> ledger.lookup(serial, digest));
  }

  private @Nullable Reason redeem(LedgerItem item, Asking asking) {
    return ask(item, asking, (serial, digest) -> redeemOnce(item, asking.caller, serial, digest));
  }

  private Finding redeemOnce(LedgerItem item, String caller, Serial serial, TokenDigest digest) {
    var found = new Finding[] {Finding.ISSUED};
    retries.redeem(
        caller,
        item.requestId(),
        digest,
        () -> {
          found[0] = ledger.redeem(serial, digest, item.singleUse());
          return found[0] == Finding.ISSUED;
        });
    return found[0];
  }

  /// How the ledger is asked about one token.
  private interface Question {
    Finding ask(Serial serial, TokenDigest digest);
  }

  private @Nullable Reason ask(LedgerItem item, Asking asking, Question question) {
    var serial = Serial.parse(item.jti());
    var digest = TokenDigest.ofToken(item.token());
    try {
      if (serial == null || digest == null) {
        return judge(item.token(), asking, Reason.MALFORMED);
      }
      var found = underWatermarks(question.ask(serial, digest), serial, item.token());
      var ruling = Ruling.of(found);
      var reason =
          ruling.isMismatch() ? judge(item.token(), asking, ruling.reason()) : ruling.reason();
      return doubtUnderWatermarks(reason, serial, item.token());
    } catch (IssuanceException e) {
      return Reason.LEDGER_UNAVAILABLE;
    }
  }

  /// What is issued may be revoked by a watermark. Asked last, so that whoever is told "issued" was
  /// told after every watermark in force was looked at.
  private Finding underWatermarks(Finding finding, Serial serial, String token) {
    return finding == Finding.ISSUED && watermarks.hits(serial, token) ? Finding.REVOKED : finding;
  }

  /// Doubt is forgiven where trust is lowered; what a watermark hits must not pass by it.
  private @Nullable Reason doubtUnderWatermarks(
      @Nullable Reason reason, Serial serial, String token) {
    var doubt = reason == Reason.LEDGER_DOUBT || reason == Reason.LEDGER_UNAVAILABLE;
    return doubt && watermarks.hits(serial, token) ? Reason.REVOKED : reason;
  }

  /// What we say of a whole token; null when it is honest.
  private @Nullable Reason opinion(String token, Asking asking) {
    try {
      var judgement = asking.judge(token);
      return judgement == null ? Reason.LEDGER_UNAVAILABLE : underWatermarks(judgement, token);
    } catch (IssuanceException e) {
      return Reason.LEDGER_UNAVAILABLE;
    }
  }

  private @Nullable Reason underWatermarks(Judgement judgement, String token) {
    var honest = judgement.reason() == null ? reader.read(token) : null;
    return honest instanceof TokenReading.Read read && watermarks.hits(read.token())
        ? Reason.REVOKED
        : judgement.reason();
  }

  /// Judges a token of which the ledger has no matching entry. What turns out to be honest was
  /// asked about under another serial than its own: the item is malformed.
  private Reason judge(String token, Asking asking, @Nullable Reason unjudged) {
    try {
      var judgement = asking.judge(token);
      var reason = judgement == null ? unjudged : judgement.reason();
      return reason == null ? Reason.MALFORMED : reason;
    } catch (IssuanceException e) {
      return Reason.LEDGER_UNAVAILABLE;
    }
  }

  private static LedgerAnswer answer(
      LedgerItem item, @Nullable Reason reason, VerdictCounts counts) {
    counts.count(reason);
    return new LedgerAnswer(item.requestId(), reason);
  }

  /// What other processes were told when they looked tokens up.
  public VerdictCounts lookups() {
    return lookups;
  }

  /// What other processes were told when they redeemed tokens.
  public VerdictCounts redemptions() {
    return redemptions;
  }

  /// What we said of the tokens that other processes reported.
  public VerdictCounts reports() {
    return reports;
  }
}
