package dev.ingam.issuance.session;

import static java.lang.Thread.State.TERMINATED;
import static java.lang.Thread.State.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.testkit.Until;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SessionsTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final SealingKeys sealing = TestLedger.sealing();
  private final JdbcClient database = DATABASE.serverClient();
  private final EventTable events = new EventTable(database, "issuance", clock);
  private final Subjects subjects = new LoggedInSubjects(database);
  private final Endings endings = new Endings();
  private Sessions sessions;

  /// Ends every session of an epoch before this one.
  private static final class Endings implements SessionEndings {
    volatile long epoch;
    volatile long endedBefore;

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public boolean reached(Session session) {
      return session.epoch() < endedBefore;
    }
  }

  @BeforeEach
  void empty() {
    DATABASE
        .ownerClient()
        .sql("truncate issuance.session, issuance.subject, issuance.event")
        .update();
    sessions = open();
  }

  private Sessions open() {
    return open(subjects);
  }

  private Sessions open(Subjects asked) {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Sessions(
        new Sessions.Storage(database, transactions, new RowMac(sealing), events),
        new Sessions.LifeHangsOn(asked, endings),
        new Sessions.Limits(5, Duration.ofHours(1)),
        clock,
        new SecureRandom());
  }

  private SessionId login(String subject) {
    var event = new LoginEvent(subject, clock.instant(), "password", "203.0.113.7");
    return ((Sessions.Opened) sessions.open(event, "login-system")).id();
  }

  @Test
  void session_isFoundByTheNextProcess() {
    var id = login("kim");

    var found = open().find(id).orElseThrow();

    assertThat(found.subject()).isEqualTo("kim");
    assertThat(found.openedBy()).isEqualTo("login-system");
    assertThat(found.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
    assertThat(found.isLive(clock.instant())).isTrue();
    assertThat(found.isLive(found.expiresAt())).isFalse();
  }

  @Test
  void id_isKeptAsHashOnly() {
    var id = login("kim");

    var row = database.sql("select session::text from issuance.session").query(String.class);
    assertThat(row.single()).doesNotContain(id.reveal());
    assertThat(id.toString()).isEqualTo("[redacted]");
    assertThat(SessionId.parse(id.reveal())).isEqualTo(id);
  }

  @Test
  void textThatIsNoId_isNone() {
    assertThat(SessionId.parse("")).isNull();
    assertThat(SessionId.parse("A".repeat(21) + "B")).isNull();
    assertThat(SessionId.parse("A".repeat(21) + "=")).isNull();
    assertThat(SessionId.parse("A".repeat(23))).isNull();
  }

  @Test
  void rowChangedInTheDatabase_isNoSession() {
    var id = login("kim");
    for (var change :
        new String[] {
          "subject = 'lee'",
          "opened_by = 'web'",
          "expires_at = expires_at + interval '1 day'",
          "max_tokens = 100000",
          "ended_at = now()"
        }) {
      DATABASE.ownerClient().sql("update issuance.session set " + change).update();
      assertThat(open().find(id)).as(change).isEmpty();
      empty();
      id = login("kim");
    }
    assertThat(open().find(id)).isPresent();
  }

  @Test
  void endedRow_cannotBeRevivedInTheDatabase() {
    var id = login("kim");
    sessions.end(id, "login-system");
    DATABASE.ownerClient().sql("update issuance.session set ended_at = null").update();

    assertThat(open().find(id)).isEmpty();
  }

  @Test
  void end_isSeenAtOnceAndByTheNextProcess() {
    var id = login("kim");
    var held = sessions.find(id).orElseThrow();

    assertThat(sessions.end(id, "login-system")).isTrue();

    assertThat(held.isLive(clock.instant())).isFalse();
    assertThat(open().find(id).orElseThrow().isLive(clock.instant())).isFalse();
    assertThat(sessions.end(SessionId.make(new SecureRandom()), "login-system")).isFalse();
  }

  @Test
  void tokens_areCountedExactlyByManyThreads() throws Exception {
    var id = login("kim");
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 64; i++) {
      tasks.add(() -> sessions.takeToken(sessions.find(id).orElseThrow()));
    }
    var taken = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(tasks)) {
        taken += each.get() ? 1 : 0;
      }
    }

    assertThat(taken).isEqualTo(5);
  }

  @Test
  void tokenCount_survivesAfterTheFlush() {
    var id = login("kim");
    for (int i = 0; i < 4; i++) {
      assertThat(sessions.takeToken(sessions.find(id).orElseThrow())).isTrue();
    }
    sessions.flush();

    var next = open();
    var found = next.find(id).orElseThrow();
    assertThat(next.takeToken(found)).isTrue();
    assertThat(next.takeToken(found)).isFalse();
  }

  @Test
  void flushThatFails_isMadeGood() {
    var id = login("kim");
    sessions.takeToken(sessions.find(id).orElseThrow());
    DATABASE.ownerClient().sql("alter table issuance.session rename to gone").update();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> sessions.flush())
        .isInstanceOf(org.springframework.dao.DataAccessException.class);
    DATABASE.ownerClient().sql("alter table issuance.gone rename to session").update();

    sessions.flush();

    assertThat(database.sql("select tokens from issuance.session").query(Integer.class).single())
        .isEqualTo(1);
  }

  @Test
  void sessionsRunOut_areForgottenAndLaterDeleted() {
    login("kim");
    clock.advance(Duration.ofHours(2));
    sessions.flush();
    assertThat(sessions.held()).isZero();

    clock.advance(Duration.ofDays(1));
    sessions.flush();
    assertThat(database.sql("select count(*) from issuance.session").query(Long.class).single())
        .isZero();
  }

  @Test
  void manyLoginsAtOnce_allOpenWithGapFreeEvents() throws Exception {
    var tasks = new ArrayList<Callable<SessionId>>();
    for (int i = 0; i < 300; i++) {
      var subject = "person-" + i;
      tasks.add(() -> login(subject));
    }
    var ids = new ArrayList<SessionId>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(tasks)) {
        ids.add(each.get());
      }
    }

    var next = open();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> next.find(id).isPresent());
    var written = events.after(0, 1_000);
    assertThat(written).hasSize(300);
    assertThat(written.getLast().seq() - written.getFirst().seq()).isEqualTo(299);
  }

  @Test
  void failedLogin_opensNothingAndTellsEachCaller() {
    DATABASE.ownerClient().sql("alter table issuance.subject rename to gone").update();
    try {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> login("kim"))
          .isInstanceOf(org.springframework.dao.DataAccessException.class);
    } finally {
      DATABASE.ownerClient().sql("alter table issuance.gone rename to subject").update();
    }
    assertThat(sessions.held()).isZero();
    assertThat(login("kim")).isNotNull();
  }

  @Test
  void subjects_areThoseEverNamedByALogin() {
    login("kim");
    login("lee");
    withdraw("lee");

    assertThat(subjects.standing("kim")).isEqualTo(Subjects.Standing.KNOWN);
    assertThat(subjects.standing("lee")).isEqualTo(Subjects.Standing.WITHDRAWN);
    assertThat(subjects.standing("park")).isEqualTo(Subjects.Standing.UNKNOWN);
    assertThat(subjects.unknownAmong(Set.of("kim", "lee", "park"))).containsExactly("park");
    assertThat(subjects.unknownAmong(Set.of())).isEmpty();
  }

  private static void withdraw(String subject) {
    DATABASE
        .ownerClient()
        .sql("update issuance.subject set withdrawn_at = now() where subject = :subject")
        .param("subject", subject)
        .update();
  }

  @Test
  void withdrawal_endsTheSessionsInMemory() {
    var kim = sessions.find(login("kim")).orElseThrow();
    var lee = login("lee");
    withdraw("lee");

    sessions.endWithdrawn();

    assertThat(sessions.find(lee).orElseThrow().isLive(clock.instant())).isFalse();
    assertThat(sessions.isStillLive(kim)).isTrue();
  }

  @Test
  void withdrawnPersonsSession_isEndedWhereItIsRead() {
    var id = login("kim");
    withdraw("kim");

    assertThat(open().find(id).orElseThrow().isLive(clock.instant())).isFalse();
  }

  @Test
  void sessionOfNobody_isEndedWhereItIsRead() {
    var id = login("kim");
    DATABASE.ownerClient().sql("truncate issuance.subject").update();

    assertThat(open().find(id).orElseThrow().isLive(clock.instant())).isFalse();
  }

  @Test
  void manyWithdrawals_areAllFollowed() {
    var kim = login("kim");
    DATABASE
        .ownerClient()
        .sql(
            "insert into issuance.subject (subject, first_at, withdrawn_at)"
                + " select 'gone-' || i, now(), now() from generate_series(1, 25000) i")
        .update();
    withdraw("kim");

    sessions.endWithdrawn();

    assertThat(sessions.find(kim).orElseThrow().isLive(clock.instant())).isFalse();
    assertThat(subjects.withdrawnAfter(subjects.lastWithdrawal() - 3, 2)).hasSize(2);
  }

  @Test
  void withdrawalsCommittedOutOfTurn_areNotPassedBy() throws Exception {
    var slow = DATABASE.owner().getConnection();
    var last = subjects.lastWithdrawal();
    login("kim");
    login("lee");
    try (slow;
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      slow.setAutoCommit(false);
      slow.createStatement()
          .execute(
              "update issuance.subject set withdrawn_at = now() - interval '1 year'"
                  + " where subject = 'kim'");
      var later = threads.submit(() -> withdraw("lee"));
      Until.isTrue("lee waits for kim's commit", Duration.ofSeconds(30), () -> isWaiting());
      assertThat(subjects.withdrawnAfter(last, 10)).isEmpty();
      slow.commit();
      later.get();
    }

    assertThat(subjects.withdrawnAfter(last, 10))
        .extracting(Subjects.Withdrawal::subject)
        .containsExactly("kim", "lee");
  }

  private static boolean isWaiting() {
    return DATABASE
        .ownerClient()
        .sql(
            "select exists (select 1 from pg_locks join pg_database d on d.oid = database"
                + " where datname = current_database() and locktype = 'advisory' and not granted)")
        .query(Boolean.class)
        .single();
  }

  /// Withdraws a person right after it said that he stays.
  private final class WithdrawnMeanwhile implements Subjects {
    private final Subjects real = new LoggedInSubjects(database);
    private Thread following = new Thread();

    @Override
    public Standing standing(String subject) {
      var before = real.standing(subject);
      withdraw(subject);
      following = Thread.ofPlatform().start(() -> sessions.endWithdrawn());
      Until.isTrue(
          "followed, or waiting for the session",
          Duration.ofSeconds(30),
          () -> EnumSet.of(WAITING, TERMINATED).contains(following.getState()));
      return before;
    }

    @Override
    public long lastWithdrawal() {
      return real.lastWithdrawal();
    }

    @Override
    public List<Withdrawal> withdrawnAfter(long number, int limit) {
      return real.withdrawnAfter(number, limit);
    }

    @Override
    public Set<String> unknownAmong(Collection<String> subjects) {
      return real.unknownAmong(subjects);
    }
  }

  @Test
  void withdrawalWhileTheSessionComesIntoMemory_endsIt() throws Exception {
    var id = login("kim");
    var meanwhile = new WithdrawnMeanwhile();
    sessions = open(meanwhile);

    var found = sessions.find(id).orElseThrow();
    meanwhile.following.join();

    assertThat(found.isLive(clock.instant())).isFalse();
    assertThat(sessions.find(id).orElseThrow().isLive(clock.instant())).isFalse();
  }

  @Test
  void limits_areBounded() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new Sessions.Limits(1, Duration.ofHours(25)))
        .isInstanceOf(IllegalArgumentException.class);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new Sessions.Limits(0, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Sessions.Ending ending(String subject) {
    return new Sessions.Ending(subject, null, "test", "lost phone");
  }

  @Test
  void endAll_endsTheSubjectsSessionsDurably() {
    var first = login("kim");
    var second = login("kim");
    var other = login("lee");

    assertThat(sessions.endAll(ending("kim"))).isEqualTo(2);

    for (var process : new Sessions[] {sessions, open()}) {
      assertThat(process.find(first).orElseThrow().isLive(clock.instant())).isFalse();
      assertThat(process.find(second).orElseThrow().isLive(clock.instant())).isFalse();
      assertThat(process.find(other).orElseThrow().isLive(clock.instant())).isTrue();
    }
    assertThat(events.after(0, 100))
        .filteredOn(each -> each.type().equals("session_ended"))
        .hasSize(2)
        .allMatch(each -> "lost phone".equals(each.body().get("why")));
    assertThat(ending("kim").toString()).doesNotContain("kim");
  }

  @Test
  void endAll_moreThanOnePart() {
    var ids = new ArrayList<SessionId>();
    for (int i = 0; i < 1_001; i++) {
      ids.add(login("kim"));
    }

    assertThat(sessions.endAll(ending("kim"))).isEqualTo(1_001);

    assertThat(ids).noneMatch(id -> open().find(id).orElseThrow().isLive(clock.instant()));
  }

  @Test
  void endAll_whileSessionsAreOpened_agreesWithTheDatabase() throws Exception {
    var ids = java.util.concurrent.ConcurrentHashMap.<SessionId>newKeySet();
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 60; i++) {
      tasks.add(() -> {
        ids.add(login("kim"));
        return 0;
      });
      if (i % 6 == 0) {
        tasks.add(() -> sessions.endAll(ending("kim")));
      }
    }
    var ended = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(tasks)) {
        ended += each.get();
      }
    }

    var next = open();
    var over = 0;
    for (var id : ids) {
      var live = next.find(id).orElseThrow().isLive(clock.instant());
      assertThat(sessions.find(id).orElseThrow().isLive(clock.instant())).isEqualTo(live);
      over += live ? 0 : 1;
    }
    assertThat(over).isEqualTo(ended);
  }

  @Test
  void epoch_isKeptAndItsEndingReachesEarlierSessionsAlone() {
    endings.epoch = 3;
    var early = login("kim");
    endings.epoch = 4;
    var late = login("kim");
    endings.endedBefore = 4;

    for (var process : new Sessions[] {sessions, open()}) {
      assertThat(process.isStillLive(process.find(early).orElseThrow())).isFalse();
      assertThat(process.isStillLive(process.find(late).orElseThrow())).isTrue();
    }
  }

  @Test
  void epochChangedInTheDatabase_isNoSession() {
    endings.epoch = 3;
    var id = login("kim");
    for (var epoch : new int[] {0, 4}) {
      DATABASE.ownerClient().sql("update issuance.session set epoch = " + epoch).update();
      assertThat(open().find(id)).isEmpty();
    }
  }
}
