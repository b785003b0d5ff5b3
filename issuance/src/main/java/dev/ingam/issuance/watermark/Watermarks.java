package dev.ingam.issuance.watermark;

import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.ledger.Line;
import dev.ingam.issuance.session.Session;
import dev.ingam.issuance.session.SessionEndings;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.MacKey;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.keys.row.SetTable;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SerialRange;
import dev.ingam.wire.SubjectDigest;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// "Revoked: everything issued before." Asked from memory about each token that the ledger calls
/// issued, and about each session that is to bear one; durable and in force when [#make(Order)]
/// returns. While none is live the question is one volatile read.
///
/// **What was in flight.** In memory sessions end first, then the line is drawn through the ledger:
/// a token on its way either was reserved before the line, or finds its session over when it would
/// leave.
///
/// **Rows that somebody else wrote.** This process knows what is in force: what was changed in the
/// database is written again, and alarms. A start that finds the rows changed cannot know what they
/// said, and revokes everything issued before it.
public final class Watermarks implements SessionEndings {
  private static final Logger LOG = LoggerFactory.getLogger(Watermarks.class);

  /// Watermarks in force at a time.
  public static final int MOST = LedgerState.MAX_WATERMARKS;

  private static final String SUBJECT_CONTEXT = "watermark subject";

  /// An `iat` may lie so far behind the moment at which the token was issued, or ahead of it.
  private static final Duration SKEW = Duration.ofSeconds(60);

  /// What watermarks are kept with.
  public record Storage(
      JdbcClient database,
      TransactionTemplate transactions,
      RowMac macs,
      EventTable events,
      Recall recall) {}

  /// What is to be revoked.
  ///
  /// @param value kid, client id or subject; empty for all
  /// @param before null for now, which needs no clock
  public record Order(
      Watermark.Target target,
      String value,
      @Nullable Instant before,
      String actor,
      String reason) {
    @Override
    public String toString() {
      return "Order[" + target + ", redacted]";
    }
  }

  /// A watermark as an operator sees it.
  ///
  /// @param live whether it can still hit a token
  /// @param intact false when somebody else wrote the row
  public record Listed(Mark mark, boolean live, boolean intact) {}

  private final WatermarkStore store;
  private final Ledger ledger;
  private final Question.Means means;
  private final String subjectKey;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ReentrantLock changing = new ReentrantLock();

  /// Replaced whole under [#changing], as are the next two.
  private volatile InForce inForce = InForce.NOTHING;

  private volatile LedgerState state;
  private volatile @Nullable Instant brokenSince;

  /// Reads what is in force.
  ///
  /// @param nanos a monotonic clock
  public Watermarks(Storage storage, Ledger ledger, MacKey key, Clock clock, LongSupplier nanos) {
    var secret = key.mac(SUBJECT_CONTEXT, new byte[0]);
    this.store = new WatermarkStore(storage);
    this.ledger = ledger;
    this.means = new Question.Means(ledger, new SubjectDigest(secret), new TokenReader());
    this.subjectKey = Base64Url.encode(secret);
    this.clock = clock;
    this.nanos = nanos;
    this.state = new LedgerState(subjectKey, List.of());
    start();
  }

  private void start() {
    changing.lock();
    try {
      var found = store.findNewest();
      if (found != null) {
        adopt(found);
        return;
      }
      brokenSince = now();
      LOG.atError().log("Watermarks were changed in the database; all issued before is revoked");
      var reason = "the watermarks were changed in the database";
      var order = new Order(Watermark.Target.ALL, "", null, "start", reason);
      make(order, store.freshVersion(), List.of());
    } finally {
      changing.unlock();
    }
  }

  /// Revokes; empty when too many are in force.
  ///
  /// @throws IssuanceException when the ledger is closed, or another process of ours made
  ///   watermarks
  /// @throws org.springframework.dao.DataAccessException or of transactions: then nothing is in
  ///   force
  public Optional<Mark> make(Order order) {
    return make(order, () -> {});
  }

  /// Revokes, and does something before the line is drawn: nothing of it when too many are in
  /// force.
  ///
  /// @param first may fail: then nothing is in force
  public Optional<Mark> make(Order order, Runnable first) {
    changing.lock();
    try {
      var live = live(now());
      if (live.size() >= MOST) {
        return Optional.empty();
      }
      first.run();
      return Optional.of(make(order, inForce.version() + 1, live));
    } finally {
      changing.unlock();
    }
  }

  private Mark make(Order order, long id, List<InForce.Member> live) {
    var now = now();
    var before = inForce;
    inForce = before.announcing(mark(order, id, ledger.drawLine(), now));
    var made = false;
    try {
      var mark = mark(order, id, ledger.drawLine(), now);
      var members = new ArrayList<>(live);
      members.add(new InForce.Member(mark, store.signed(mark), held(mark)));
      var set = store.add(mark, rows(members));
      made = true;
      publish(set, members, now);
      return mark;
    } finally {
      if (!made) {
        inForce = before;
      }
    }
  }

  private Mark mark(Order order, long id, Line line, Instant now) {
    var before = order.before();
    var value =
        order.target() == Watermark.Target.SUBJECT
            ? means.subjects().of(order.value())
            : order.value();
    return new Mark(
        id,
        order.target(),
        value,
        before == null ? line : null,
        before == null ? null : before.plus(SKEW).getEpochSecond(),
        now,
        order.actor(),
        order.reason());
  }

  /// Whether a token that the ledger calls issued is revoked.
  ///
  /// @param token whole, as it was looked up
  public boolean hits(Serial serial, String token) {
    var marks = inForce.onTokens();
    return !marks.isEmpty() && Question.of(means, serial, token).isHitByOne(marks);
  }

  /// Whether a token that the ledger calls issued is revoked.
  public boolean hits(AccessToken token) {
    var marks = inForce.onTokens();
    return !marks.isEmpty() && Question.of(means, token).isHitByOne(marks);
  }

  @Override
  public long epoch() {
    return inForce.version();
  }

  @Override
  public boolean reached(Session session) {
    var marks = inForce.onSessions();
    return !marks.isEmpty() && marks.stream().anyMatch(mark -> mark.ends(session));
  }

  /// What verifiers are told. The same object as long as nothing changed.
  public LedgerState state() {
    return state;
  }

  /// The newest watermarks, newest first, history too.
  public List<Listed> newest(int limit) {
    var live = inForce.onTokens();
    return store.newest(limit).stream()
        .filter(row -> row.mark() != null)
        .map(row -> {
          var mark = Objects.requireNonNull(row.mark());
          return new Listed(mark, live.contains(mark), store.isIntact(row));
        })
        .toList();
  }

  /// Since when the rows in the database are known to have been changed by somebody else.
  public Optional<Instant> brokenSince() {
    return Optional.ofNullable(brokenSince);
  }

  /// Asks no more what can hit nothing any more, and compares the database with what is in force.
  /// Called each second.
  public void refresh() {
    changing.lock();
    try {
      keepLive(now());
      if (store.holds(inForce)) {
        return;
      }
      var found = store.find();
      if (found != null && found.version() > inForce.version()) {
        adopt(found);
      } else {
        restore();
      }
    } finally {
      changing.unlock();
    }
  }

  private void restore() {
    if (brokenSince == null) {
      brokenSince = now();
      LOG.atError().log("Watermarks were changed in the database; they are written again");
    }
    var version = Math.max(inForce.version() + 1, store.freshVersion());
    publish(store.restore(inForce, version), inForce.members(), now());
  }

  private void adopt(WatermarkStore.Found found) {
    var set = found.set();
    if (set != null) {
      publish(set, found.rows().stream().map(this::member).toList(), now());
    }
  }

  /// What is in force already is held for as long as it was.
  private InForce.Member member(WatermarkTable.Row row) {
    var mark = Objects.requireNonNull(row.mark());
    return inForce.members().stream()
        .filter(each -> each.row().equals(row))
        .findFirst()
        .orElseGet(() -> new InForce.Member(mark, row, held(mark)));
  }

  private List<InForce.Member> live(Instant now) {
    return inForce.members().stream()
        .filter(each -> hitsTokens(each, now) || endsSessions(each, now))
        .toList();
  }

  private void keepLive(Instant now) {
    var set = inForce.set();
    var onTokens = inForce.members().stream().filter(each -> hitsTokens(each, now)).count();
    var onSessions = inForce.members().stream().filter(each -> endsSessions(each, now)).count();
    if (set != null
        && (onTokens != inForce.onTokens().size() || onSessions != inForce.onSessions().size())) {
      publish(set, inForce.members(), now);
    }
  }

  private void publish(SetTable.Row set, List<InForce.Member> members, Instant now) {
    var onTokens = marks(members.stream().filter(each -> hitsTokens(each, now)).toList());
    var onSessions = marks(members.stream().filter(each -> endsSessions(each, now)).toList());
    inForce = new InForce(set, members, onTokens, onSessions);
    state = new LedgerState(subjectKey, onTokens.stream().map(this::told).toList());
  }

  /// By the wall clock, and also for as long after it was read: a clock that is put forward and
  /// back lets no watermark go.
  private boolean hitsTokens(InForce.Member member, Instant now) {
    return now.isBefore(member.mark().tokensUntil())
        || member.held().tokens() - nanos.getAsLong() > 0;
  }

  private boolean endsSessions(InForce.Member member, Instant now) {
    return member.mark().endsSessions()
        && (now.isBefore(member.mark().sessionsUntil())
            || member.held().sessions() - nanos.getAsLong() > 0);
  }

  private static List<Mark> marks(List<InForce.Member> members) {
    return members.reversed().stream().map(InForce.Member::mark).toList();
  }

  private static List<WatermarkTable.Row> rows(List<InForce.Member> members) {
    return members.stream().map(InForce.Member::row).toList();
  }

  private Watermark told(Mark mark) {
    var line = mark.line();
    var serials =
        line == null
            ? List.<SerialRange>of()
            : ledger.before(line).stream().limit(Watermark.MAX_RANGES).toList();
    return new Watermark(mark.target(), mark.value(), serials, mark.issuedUntil());
  }

  /// Sessions for what is left of their day and an hour, or every start would begin it anew.
  private InForce.Held held(Mark mark) {
    var left = Duration.between(now(), mark.sessionsUntil());
    var sessions = left.compareTo(Mark.SESSIONS) < 0 ? left : Mark.SESSIONS;
    var from = nanos.getAsLong();
    return new InForce.Held(from + Mark.TOKENS.toNanos(), from + sessions.toNanos());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
