package dev.ingam.issuance.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.session.LoggedInSubjects;
import dev.ingam.issuance.session.Subjects;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class TheftProofsTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final JdbcClient database = DATABASE.serverClient();
  private final EventTable events = new EventTable(database, "issuance", clock);
  private final TestKeys keys = new TestKeys();
  private final SealingKeys sealing = TestLedger.sealing();
  @TempDir private Path folder;
  private Path journal;
  private TheftProofs proofs;

  @BeforeEach
  void empty() {
    DATABASE
        .ownerClient()
        .sql(
            "truncate issuance.theft_proof, issuance.theft_count, issuance.theft_acknowledgement,"
                + " issuance.subject, issuance.event")
        .update();
    journal = folder.resolve("proofs");
    proofs = open();
  }

  private TheftProofs open() {
    return open(new LoggedInSubjects(database));
  }

  private TheftProofs open(Subjects subjects) {
    var manager = new JdbcTransactionManager(DATABASE.server());
    return open(subjects, new TransactionTemplate(manager));
  }

  private TheftProofs open(Subjects subjects, TransactionTemplate transactions) {
    return open(subjects, transactions, keys::condemn);
  }

  private TheftProofs open(
      Subjects subjects, TransactionTemplate transactions, TheftProofs.Condemner condemner) {
    return new TheftProofs(
        new TheftProofs.Storage(database, transactions, new RowMac(sealing), events, journal),
        condemner,
        subjects,
        new KeySignatures(keys, new SignatureCheck(null)),
        clock);
  }

  private Proof proof(String kid, String subject) {
    return new Proof(
        kid,
        clock.instant(),
        null,
        Reason.NOT_ISSUED,
        new TokenDigest(subject == null ? 0 : subject.hashCode(), 7),
        null,
        subject,
        keys.forge(kid, "{\"sub\":\"" + subject + "\"}"));
  }

  private void know(String subject) {
    DATABASE
        .ownerClient()
        .sql("insert into issuance.subject (subject, first_at) values (?, now())")
        .param(subject)
        .update();
  }

  private long rows() {
    return database.sql("select count(*) from issuance.theft_proof").query(Long.class).single();
  }

  @Test
  void firstProof_condemnsAndIsWrittenInTheSameRequest() {
    var kid = keys.activeKid();

    proofs.record(proof(kid, "kim"), "gate");

    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(keys.activeKid()).isNotEqualTo(kid);
    assertThat(proofs.condemnation(kid).newActiveKids()).containsExactly(keys.activeKid());
    assertThat(rows()).isEqualTo(1);
    assertThat(events.after(0, 10)).extracting("type").containsExactly("theft_proven");
    assertThat(proofs.alarms()).extracting("code").containsExactly("theft_proven");
  }

  /// Requests run on virtual threads, which a flood lets wait: the replacement must not.
  @Test
  void firstProof_onAVirtualThread_condemnsOnOneOfThePlatform() throws Exception {
    var virtual = new ArrayList<Boolean>();
    var manager = new JdbcTransactionManager(DATABASE.server());
    proofs =
        open(
            new LoggedInSubjects(database),
            new TransactionTemplate(manager),
            (kid, cause, actor) -> {
              virtual.add(Thread.currentThread().isVirtual());
              return keys.condemn(kid, cause, actor);
            });
    var proof = proof(keys.activeKid(), "kim");

    Thread.ofVirtual().start(() -> proofs.record(proof, "gate")).join();

    assertThat(virtual).containsExactly(false);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void thousandForgeriesAtOnce_condemnOnce() throws Exception {
    var kid = keys.activeKid();
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 1_000; i++) {
      var subject = "person-" + i;
      tasks.add(() -> {
        proofs.record(proof(kid, subject), "gate");
        return true;
      });
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isTrue();
      }
    }
    proofs.flush();

    assertThat(keys.condemnations()).isEqualTo(1);
    assertThat(proofs.counts()).singleElement().extracting(ProofCount::proofs).isEqualTo(1_000L);
    assertThat(rows()).isEqualTo(1_000);
  }

  @Test
  void beyondTheFirstThousand_onlyCountersGrow() {
    var kid = keys.activeKid();
    for (int i = 0; i < 1_200; i++) {
      proofs.record(proof(kid, "person-" + i), "gate");
    }
    proofs.flush();

    assertThat(rows()).isEqualTo(TheftProofs.FULL_EVIDENCE);
    var count = open().counts().getFirst();
    assertThat(count.proofs()).isEqualTo(1_200);
    assertThat(count.unknownSubjects()).isEqualTo(1_200);
    assertThat(count.uncheckedSubjects()).isZero();
  }

  @Test
  void unknownSubjects_areCountedApart() {
    know("kim");
    var kid = keys.activeKid();
    for (var subject : new String[] {"kim", "kim", "ghost-1", "ghost-2", null, "client:shop"}) {
      proofs.record(proof(kid, subject), "gate");
    }
    proofs.flush();

    var count = proofs.counts().getFirst();
    assertThat(count.proofs()).isEqualTo(6);
    assertThat(count.unknownSubjects()).isEqualTo(3);
    assertThat(proofs.evidence(0, 10))
        .extracting(Evidence::subjectKnown)
        .containsExactlyInAnyOrder(true, true, false, false, false, null);
  }

  /// Shows another forged token whenever somebody asks about subjects.
  private final class Flood implements Subjects {
    private final Subjects real = new LoggedInSubjects(database);
    private final String kid = keys.activeKid();
    private int asked;

    @Override
    public Set<String> unknownAmong(Collection<String> subjects) {
      proofs.record(proof(kid, "person-" + ++asked), "gate");
      return real.unknownAmong(subjects);
    }

    @Override
    public Standing standing(String subject) {
      return real.standing(subject);
    }

    @Override
    public long lastWithdrawal() {
      return real.lastWithdrawal();
    }

    @Override
    public List<Withdrawal> withdrawnAfter(long number, int limit) {
      return real.withdrawnAfter(number, limit);
    }
  }

  @Test
  void floodThatNeverEnds_doesNotKeepTheWriter() {
    var flood = new Flood();
    proofs = open(flood);

    assertTimeoutPreemptively(
        Duration.ofMinutes(1), () -> proofs.record(proof(flood.kid, "kim"), "gate"));

    assertThat(rows()).isEqualTo(flood.asked);
    assertThat(proofs.counts().getFirst().proofs()).isEqualTo(flood.asked + 1);
  }

  @Test
  void eachStolenKey_isACaseOfItsOwn() {
    var first = keys.activeKid();
    var second = keys.add(KeyPurpose.ACCESS_TOKEN, KeyState.PREPARED);

    proofs.record(proof(first, "kim"), "gate");
    proofs.record(proof(second, "kim"), "gate");

    assertThat(keys.condemnations()).isEqualTo(2);
    assertThat(proofs.counts())
        .extracting(ProofCount::kid)
        .containsExactlyInAnyOrder(first, second);
  }

  @Test
  void condemningThatFails_isTriedAgainAndAlarms() {
    var kid = keys.activeKid();
    keys.condemningFailure = new IllegalStateException("database away");
    proofs.record(proof(kid, "kim"), "gate");
    assertThat(proofs.condemnation(kid)).isNull();
    assertThat(proofs.alarms()).extracting("code").containsExactly("condemnation_pending");

    keys.condemningFailure = null;
    proofs.flush();

    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(proofs.condemnation(kid)).isNotNull();
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void evidenceThatCannotBeWritten_isKeptAndDoesNotStopTheTaint() {
    DATABASE.ownerClient().sql("alter table issuance.theft_proof rename to gone").update();
    proofs.record(proof(keys.activeKid(), "kim"), "gate");
    proofs.flush();
    assertThat(keys.firstCondemnations()).isEqualTo(1);
    DATABASE.ownerClient().sql("alter table issuance.gone rename to theft_proof").update();

    proofs.flush();
    proofs.flush();

    assertThat(rows()).isEqualTo(1);
    assertThat(proofs.counts().getFirst().unknownSubjects()).isEqualTo(1);
    assertThat(events.after(0, 10)).hasSize(1);
  }

  @Test
  void casesOfAnEarlierProcess_areKnownAndCondemnedIfThatWasCutOff() {
    proofs.record(proof(keys.activeKid(), "kim"), "gate");
    var next = open();

    next.flush();

    assertThat(next.counts()).isEqualTo(proofs.counts());
    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(keys.condemnations()).isEqualTo(2);
  }

  @Test
  void countThatSomebodyElseWrote_condemnsNothingAndAlarms() {
    DATABASE
        .ownerClient()
        .sql(
            """
            insert into issuance.theft_count
              (kid, proofs, unknown_subjects, unchecked_subjects, first_at, last_at, mac)
            values (?, 1, 0, 0, now(), now(), '00'), ('no-key-of-ours', 1, 0, 0, now(), now(), '')
            """)
        .param(keys.activeKid())
        .update();
    var next = open();

    next.flush();

    assertThat(keys.condemnations()).isZero();
    assertThat(next.counts()).isEmpty();
    assertThat(next.alarms()).extracting("code").containsExactly("row_not_ours");
    next.record(proof(keys.activeKid(), "kim"), "gate");
    assertThat(next.alarms()).extracting("code").containsExactly("theft_proven");
    assertThat(open().counts()).isEqualTo(next.counts());
  }

  private Path journalFile() {
    return journal.resolve(keys.activeKid() + ".proof");
  }

  @Test
  void firstProofWithoutADatabase_isTakenUpByTheNextProcess() throws IOException {
    var kid = keys.activeKid();
    var file = journalFile();
    var proof = proof(kid, "kim");
    keys.condemningFailure = new IllegalStateException("database away");
    DATABASE.ownerClient().sql("alter table issuance.theft_proof rename to gone").update();
    proofs.record(proof, "shop");
    proofs.flush();
    DATABASE.ownerClient().sql("alter table issuance.gone rename to theft_proof").update();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    keys.condemningFailure = null;

    var next = open();
    next.flush();

    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(next.counts()).extracting(ProofCount::proofs).containsExactly(1L);
    assertThat(next.evidence(0, 10))
        .singleElement()
        .satisfies(evidence -> {
          assertThat(evidence.askedBy()).isEqualTo("shop");
          assertThat(evidence.digest()).isEqualTo(proof.digestText());
          assertThat(evidence.foundAt()).isEqualTo(proof.foundAt());
        });
    assertThat(file).doesNotExist();
  }

  private void rename(String table, String to) {
    DATABASE.ownerClient().sql("alter table issuance." + table + " rename to " + to).update();
  }

  private void assertOnce(TheftProofs after, Path file) {
    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(rows()).isEqualTo(1);
    assertThat(events.after(0, 10)).extracting("type").containsExactly("theft_proven");
    assertThat(after.counts()).extracting(ProofCount::proofs).containsExactly(1L);
    assertThat(file).doesNotExist();
  }

  @Test
  void fullDiskAndNoDatabase_proofIsKeptAsSoonAsThereIsRoom() throws IOException {
    var file = journalFile();
    Files.writeString(journal, "in the way");
    keys.condemningFailure = new IllegalStateException("database away");
    rename("theft_proof", "gone");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    proofs.flush();
    Files.delete(journal);

    proofs.flush();

    assertThat(file).exists();
    rename("gone", "theft_proof");
    keys.condemningFailure = null;
    var next = open();
    next.flush();
    assertOnce(next, file);
  }

  @Test
  void condemnedWithoutEvidence_killed_evidenceIsWrittenByTheNextProcess() {
    var file = journalFile();
    rename("theft_proof", "gone");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    proofs.flush();
    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(file).exists();
    rename("gone", "theft_proof");

    var next = open();
    next.flush();

    assertOnce(next, file);
  }

  /// The key was condemned and a disk that was full kept no file; then the database went too.
  @Test
  void condemnedOnAFullDisk_evidenceAway_isKeptInAFileAfterAll() throws IOException {
    var file = journalFile();
    Files.writeString(journal, "in the way");
    rename("theft_proof", "gone");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    Files.delete(journal);

    proofs.flush();

    assertThat(keys.firstCondemnations()).isEqualTo(1);
    assertThat(file).exists();
    rename("gone", "theft_proof");
    var next = open();
    next.flush();
    assertOnce(next, file);
  }

  @Test
  void evidenceWithoutCondemnation_killed_isCondemnedOnceByTheNextProcess() {
    var file = journalFile();
    keys.condemningFailure = new IllegalStateException("database away");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    proofs.flush();
    assertThat(rows()).isEqualTo(1);
    assertThat(file).exists();
    keys.condemningFailure = null;

    var next = open();
    next.flush();

    assertOnce(next, file);
  }

  /// A deletion is not forced: after a power failure the file may be there again.
  @Test
  void settledProof_whoseFileIsBack_changesNothing() throws IOException {
    var file = journalFile();
    keys.condemningFailure = new IllegalStateException("database away");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    var kept = Files.readAllBytes(file);
    keys.condemningFailure = null;
    proofs.flush();
    assertThat(file).doesNotExist();
    Files.write(file, kept);

    var next = open();
    next.flush();

    assertOnce(next, file);
  }

  /// The database committed and died before it said so.
  @Test
  void commitWhoseAnswerIsLost_isNotMadeTwice() {
    var file = journalFile();
    var lose = new AtomicBoolean(true);
    var manager =
        new JdbcTransactionManager(DATABASE.server()) {
          @Override
          protected void doCommit(DefaultTransactionStatus status) {
            super.doCommit(status);
            if (lose.getAndSet(false)) {
              throw new TransactionSystemException("connection lost (injected)");
            }
          }
        };
    var losing = open(new LoggedInSubjects(database), new TransactionTemplate(manager));
    losing.record(proof(keys.activeKid(), "kim"), "shop");
    assertThat(rows()).isEqualTo(1);

    losing.flush();

    assertThat(lose).isFalse();
    assertOnce(losing, file);
    assertThat(open().counts()).isEqualTo(losing.counts());
  }

  @Test
  void fileThatIsNoProof_keepsNoProofFromItsPlace() throws IOException {
    var file = journalFile();
    Files.createDirectories(journal);
    Files.writeString(file, "junk");
    proofs = open();
    keys.condemningFailure = new IllegalStateException("database away");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    keys.condemningFailure = null;
    DATABASE.ownerClient().sql("truncate issuance.theft_proof, issuance.theft_count").update();

    open().flush();

    assertThat(keys.firstCondemnations()).isEqualTo(1);
  }

  @Test
  void proofThatIsSettled_isNotKeptInAFile() {
    var file = journalFile();

    proofs.record(proof(keys.activeKid(), "kim"), "gate");

    assertThat(file).doesNotExist();
    assertThat(journal).isEmptyDirectory();
  }

  @Test
  void keptProofThatSomebodyElseWrote_condemnsNothing() throws IOException {
    var file = journalFile();
    keys.condemningFailure = new IllegalStateException("database away");
    proofs.record(proof(keys.activeKid(), "kim"), "shop");
    proofs.flush();
    keys.condemningFailure = null;
    empty();
    var lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      var changed = new ArrayList<>(lines);
      changed.set(i, i == lines.size() - 1 ? "00" : ".AAAA");
      Files.write(file, changed);
      open().flush();
      Files.write(file, lines.subList(0, i));
      open().flush();
    }
    assertThat(keys.firstCondemnations()).isZero();

    Files.write(file, lines);
    open().flush();
    assertThat(keys.firstCondemnations()).isEqualTo(1);
  }

  @Test
  void changedCount_isNotOurs() {
    proofs.record(proof(keys.activeKid(), "kim"), "gate");
    DATABASE.ownerClient().sql("update issuance.theft_count set proofs = 7").update();
    var next = open();

    next.flush();

    assertThat(next.counts()).isEmpty();
    assertThat(keys.condemnations()).isEqualTo(1);
  }

  @Test
  void countWithoutATokenOfTheKey_condemnsNothing() {
    proofs.record(proof(keys.activeKid(), "kim"), "gate");
    DATABASE.ownerClient().sql("update issuance.theft_proof set token = 'a.b.c'").update();
    var next = open();

    next.flush();

    assertThat(keys.condemnations()).isEqualTo(1);
    assertThat(next.alarms()).extracting("code").containsExactly("row_not_ours");
  }

  @Test
  void eventsAndLists_holdNoSubjectAndNoToken() {
    proofs.record(proof(keys.activeKid(), "kim"), "gate");

    for (var event : events.after(0, 10)) {
      assertThat(new String(event.canonical(), StandardCharsets.UTF_8))
          .doesNotContain("kim")
          .doesNotContain("eyJ");
    }
    assertThat(proofs.evidence(0, 10).toString()).doesNotContain("kim");
    assertThat(proofs.alarms().toString()).doesNotContain("kim");
    assertThat(proof(keys.activeKid(), "kim").toString()).doesNotContain("kim");
  }

  /// As after a restart and its first second.
  private TheftProofs reopened() {
    var next = open();
    next.flush();
    return next;
  }

  private String acknowledgedTheft() {
    var kid = keys.activeKid();
    proofs.record(proof(kid, "kim"), "gate");
    assertThat(proofs.unacknowledged()).containsExactly(kid);
    assertThat(proofs.acknowledge(kid, "laptop found", "root")).isEqualTo(1);
    return kid;
  }

  @Test
  void acknowledgedTheft_alarmsNoMoreAlsoAfterARestart() {
    var kid = acknowledgedTheft();

    assertThat(proofs.alarms()).isEmpty();
    assertThat(proofs.unacknowledged()).isEmpty();
    assertThat(reopened().alarms()).isEmpty();
    assertThat(reopened().acknowledgement(kid))
        .isEqualTo(new Acknowledgement(kid, 1, clock.instant(), "root", "laptop found"));
    var event = events.after(0, 10).getLast();
    assertThat(event.type()).isEqualTo("theft_acknowledged");
    assertThat(event.actor()).isEqualTo("root");
    assertThat(event.body())
        .containsOnly(entry("kid", kid), entry("forged_tokens", "1"), entry("why", "laptop found"));
  }

  @Test
  void newProof_alarmsAgainSinceItCame() {
    var kid = acknowledgedTheft();
    clock.advance(Duration.ofHours(5));
    var came = clock.instant();
    proofs.record(proof(kid, "lee"), "gate");
    clock.advance(Duration.ofHours(1));
    proofs.flush();

    assertThat(proofs.alarms())
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.code()).isEqualTo("theft_proven");
          assertThat(alarm.since()).isEqualTo(came);
          assertThat(alarm.what()).startsWith("1 token that was never issued");
          assertThat(alarm.doNext()).contains("ingam proofs acknowledge " + kid);
        });
    assertThat(reopened().alarms()).extracting("since").containsExactly(came);
    assertThat(proofs.acknowledge(kid, "again", "root")).isEqualTo(2);
    assertThat(proofs.alarms()).isEmpty();
    assertThat(reopened().alarms()).isEmpty();
  }

  @Test
  void acknowledgedTwice_isOneEvent() {
    var kid = acknowledgedTheft();
    assertThat(proofs.acknowledge(kid, "again", "root")).isEqualTo(1);
    assertThat(proofs.acknowledge("no-such-key", "x", "root")).isZero();
    assertThat(events.after(0, 10)).extracting("type").containsOnlyOnce("theft_acknowledged");
    assertThat(reopened().acknowledgement(kid).why()).isEqualTo("laptop found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update issuance.theft_acknowledgement set proofs = 1000000",
        "update issuance.theft_acknowledgement set why = 'nothing'",
        "update issuance.theft_acknowledgement set actor = 'somebody'",
        "update issuance.theft_acknowledgement set at = at + interval '1 day'",
        "update issuance.theft_acknowledgement set mac = ''",
        "delete from issuance.theft_acknowledgement"
      })
  void acknowledgementThatSomebodyElseWrote_endsNoAlarm(String change) {
    acknowledgedTheft();
    DATABASE.ownerClient().sql(change).update();
    assertThat(reopened().alarms()).extracting("code").containsExactly("theft_proven");
  }

  @Test
  void acknowledgementOfAnotherKey_endsNoAlarm() {
    acknowledgedTheft();
    var other = keys.activeKid();
    proofs.record(proof(other, "kim"), "gate");
    DATABASE
        .ownerClient()
        .sql("update issuance.theft_acknowledgement set kid = ?")
        .param(other)
        .update();
    assertThat(reopened().alarms()).hasSize(2);
  }

  @Test
  void acknowledgementThatCannotBeWritten_leavesTheAlarmAndNoEvent() {
    var kid = keys.activeKid();
    proofs.record(proof(kid, "kim"), "gate");
    DATABASE
        .ownerClient()
        .sql("alter table issuance.theft_acknowledgement rename to gone")
        .update();
    try {
      assertThatThrownBy(() -> proofs.acknowledge(kid, "x", "root"))
          .isInstanceOf(DataAccessException.class);
    } finally {
      DATABASE
          .ownerClient()
          .sql("alter table issuance.gone rename to theft_acknowledgement")
          .update();
    }
    assertThat(proofs.alarms()).hasSize(1);
    assertThat(events.after(0, 10)).extracting("type").containsExactly("theft_proven");
  }

  @Test
  void replacementThatWaitsForItsTurn_isAskedForUntilItIsDone() {
    var kid = keys.activeKid();
    keys.replacementWaits = true;
    proofs.record(proof(kid, "kim"), "gate");
    assertThat(proofs.condemnation(kid).replacedAt()).isNull();
    assertThat(proofs.unacknowledged()).isEmpty();
    assertThat(proofs.alarms().getFirst().doNext()).isEqualTo("ingam keys taint " + kid);

    keys.replacementWaits = false;
    proofs.flush();

    assertThat(proofs.condemnation(kid).replacedAt()).isNotNull();
    assertThat(proofs.alarms().getFirst().what()).contains("it was replaced");
  }
}
