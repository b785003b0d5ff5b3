package dev.ingam.issuance.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Event;
import dev.ingam.wire.TokenDigest;
import dev.ingam.wire.TokenWriter;
import dev.ingam.wire.Watermark;
import dev.ingam.wire.Watermark.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class WatermarksTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final AtomicLong nanos = new AtomicLong();
  private final RowMac macs = new RowMac(TestLedger.sealing());
  private final JdbcClient database = DATABASE.serverClient();
  private final EventTable events = new EventTable(database, "issuance", clock);
  private TestLedger ledger;
  private Watermarks watermarks;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    sql(
        "truncate issuance.watermark, issuance.watermark_set, issuance.session, issuance.subject,"
            + " issuance.event");
    ledger = TestLedger.in(folder.resolve("ledger"), clock);
    watermarks = process();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private static void sql(String statement) {
    DATABASE.ownerClient().sql(statement).update();
  }

  private Watermarks process() {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Watermarks(
        new Watermarks.Storage(database, transactions, macs, events, Recall.NONE),
        ledger.get(),
        (context, data) -> new byte[32],
        clock,
        nanos::get);
  }

  private void pass(Duration time) {
    clock.advance(time);
    nanos.addAndGet(time.toNanos());
  }

  private static Watermarks.Order order(Target target, String value, @Nullable Instant before) {
    return new Watermarks.Order(target, value, before, "test", "a laptop was stolen");
  }

  private Mark make(Target target, String value) {
    return watermarks.make(order(target, value, null)).orElseThrow();
  }

  /// What a node remembers, whenever the database says it was made.
  private String remembered() {
    return IssuanceSchema.REMEMBERED.getLast().read(database);
  }

  /// A set whose rows are not all there says nothing: those are remembered that it names, days
  /// later too, and no others.
  @Test
  void nodeRemembers_theRowsThatTheSetNames() {
    assertThat(remembered()).isEqualTo("[]");
    var first = make(Target.CLIENT, "a");
    pass(Duration.ofHours(23));
    var second = make(Target.ALL, "");
    pass(Duration.ofHours(28));
    assertThat(remembered()).contains("\"id\": " + first.id(), "\"id\": " + second.id());
    var third = make(Target.CLIENT, "b");
    assertThat(remembered())
        .contains("\"id\": " + third.id())
        .doesNotContain("\"id\": " + first.id(), "\"id\": " + second.id());
  }

  /// A token as it was issued.
  private AccessToken token(String kid, String client, String subject) {
    var now = clock.instant().getEpochSecond();
    var serial = ledger.get().reserve();
    ledger.enter(serial, new TokenDigest(1, serial.slot()), false);
    return new AccessToken(
        new AccessToken.Header(Algorithm.ES256, kid),
        new AccessToken.Claims(
            "https://id.example",
            subject,
            "https://shop.example",
            client,
            now,
            now + 300,
            serial,
            List.of(),
            null));
  }

  private AccessToken token() {
    return token("kid-1", "shop", "m-17");
  }

  /// Asked in each way; all agree, verifiers too.
  private boolean isRevoked(AccessToken token) {
    var writer = new TokenWriter();
    var text = writer.complete(writer.signingInput(token), new byte[64]);
    var revoked = watermarks.hits(token);
    assertThat(watermarks.hits(token.claims().serial(), text)).isEqualTo(revoked);
    assertThat(watermarks.state().revokes(token)).isEqualTo(revoked);
    return revoked;
  }

  @Test
  void withoutAWatermark_nothingIsRevoked() {
    assertThat(isRevoked(token())).isFalse();
    assertThat(watermarks.epoch()).isZero();
    assertThat(watermarks.newest(10)).isEmpty();
    watermarks.refresh();
    assertThat(watermarks.brokenSince()).isEmpty();
  }

  @Test
  void all_revokesWhatWasReservedBefore() {
    var before = token();
    make(Target.ALL, "");

    assertThat(isRevoked(before)).isTrue();
    assertThat(isRevoked(token())).isFalse();
  }

  @Test
  void all_revokesWhatCannotBeRead() {
    var before = token();
    make(Target.ALL, "");
    make(Target.CLIENT, "other");

    assertThat(watermarks.hits(before.claims().serial(), "x")).isTrue();
    assertThat(watermarks.hits(token().claims().serial(), "x")).as("behind each line").isFalse();
  }

  @ParameterizedTest
  @CsvSource({"KEY, kid-1, kid-2", "CLIENT, shop, shop2", "SUBJECT, m-17, m-170"})
  void target_revokesItsOwnTokensAlone(Target target, String value, String other) {
    var theirs = token();
    var another =
        token(
            target == Target.KEY ? other : "kid-1",
            target == Target.CLIENT ? other : "shop",
            target == Target.SUBJECT ? other : "m-17");
    make(target, value);

    assertThat(isRevoked(theirs)).isTrue();
    assertThat(isRevoked(another)).isFalse();
    assertThat(isRevoked(token())).as("issued after").isFalse();
  }

  @Test
  void earlierTime_goesByIatAndAMinute() {
    var first = token();
    pass(Duration.ofSeconds(60));
    var second = token();
    pass(Duration.ofSeconds(1));
    var third = token();
    assertThat(watermarks.make(order(Target.ALL, "", Instant.parse("2026-11-23T09:00:00Z"))))
        .isPresent();

    assertThat(isRevoked(first)).isTrue();
    assertThat(isRevoked(second)).as("a minute of skew").isTrue();
    assertThat(isRevoked(third)).isFalse();
  }

  @Test
  void watermark_leavesWhenAllItCanHitHasExpired() {
    var before = token();
    make(Target.SUBJECT, "m-17");
    pass(Mark.TOKENS.minusSeconds(1));
    watermarks.refresh();
    assertThat(isRevoked(before)).isTrue();

    pass(Duration.ofSeconds(1));
    watermarks.refresh();

    assertThat(watermarks.hits(before)).isFalse();
    assertThat(watermarks.state().watermarks()).isEmpty();
    assertThat(watermarks.newest(10))
        .singleElement()
        .matches(each -> !each.live() && each.intact());
    assertThat(watermarks.brokenSince()).isEmpty();
  }

  @Test
  void clockPutForwardAndBack_letsNoWatermarkGo() {
    var before = token();
    make(Target.ALL, "");
    clock.advance(Duration.ofHours(3));
    watermarks.refresh();
    clock.advance(Duration.ofHours(-3));
    watermarks.refresh();

    assertThat(isRevoked(before)).isTrue();
  }

  @Test
  void watermarks_areKeptByTheNextProcess() {
    var before = token();
    var bystander = token("kid-1", "other", "m-18");
    make(Target.CLIENT, "shop");
    var other = ledger.killedInto(folder.resolve("killed"));
    try (other) {
      ledger.close();
      ledger = other;
      watermarks = process();

      assertThat(isRevoked(before)).isTrue();
      assertThat(isRevoked(bystander)).isFalse();
      assertThat(isRevoked(token())).isFalse();
      assertThat(watermarks.epoch()).isEqualTo(1);
      assertThat(watermarks.brokenSince()).isEmpty();
    }
    ledger = TestLedger.in(folder.resolve("unused"), clock);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from issuance.watermark",
        "delete from issuance.watermark where id = 2",
        "delete from issuance.watermark_set",
        "update issuance.watermark set value = 'other' where target = 'client'",
        "update issuance.watermark set line_slot = 0",
        "update issuance.watermark set made_at = made_at - interval '1 day'",
        "update issuance.watermark set target = 'device' where id = 1",
        "update issuance.watermark set mac = 'x' where id = 1",
        "update issuance.watermark_set set members = ''",
        "update issuance.watermark_set set version = 9",
        "delete from issuance.watermark_set; delete from issuance.watermark",
        "update issuance.watermark_set set version = s.version, members = s.members, mac = s.mac from saved s"
      })
  void rowsChangedInTheDatabase_atAStart_revokeEverythingBefore(String change) {
    var bystander = token("kid-9", "bystander", "m-99");
    make(Target.CLIENT, "shop");
    sql("drop table if exists saved");
    sql("create table saved as select * from issuance.watermark_set");
    make(Target.KEY, "kid-1");
    for (var each : change.split(";")) {
      sql(each);
    }

    watermarks = process();

    assertThat(watermarks.brokenSince()).contains(clock.instant());
    assertThat(isRevoked(bystander)).isTrue();
    assertThat(isRevoked(token())).as("issued after the start").isFalse();
    assertThat(watermarks.epoch()).as("sessions opened before have a lower one").isPositive();
    assertThat(events.after(0, 100)).last().extracting(Event::actor).isEqualTo("start");
    watermarks = process();
    assertThat(watermarks.brokenSince()).as("the next start").isEmpty();
    assertThat(isRevoked(bystander)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from issuance.watermark",
        "delete from issuance.watermark_set",
        "update issuance.watermark set value = 'other'",
        "update issuance.watermark_set set members = ''",
        "update issuance.watermark_set set version = 0, members = '', mac = 'aa'"
      })
  void rowsChangedInTheDatabase_whileInForce_areWrittenAgain(String change) {
    var theirs = token();
    var bystander = token("kid-9", "bystander", "m-99");
    make(Target.CLIENT, "shop");
    sql(change);

    watermarks.refresh();

    assertThat(watermarks.brokenSince()).isPresent();
    assertThat(isRevoked(theirs)).isTrue();
    assertThat(isRevoked(bystander)).isFalse();
    assertThat(events.after(0, 100))
        .last()
        .extracting(Event::type)
        .isEqualTo("watermarks_restored");
    watermarks = process();
    assertThat(watermarks.brokenSince()).as("the next start").isEmpty();
    assertThat(isRevoked(theirs)).isTrue();
    assertThat(isRevoked(bystander)).isFalse();
  }

  @Test
  void setMadeBySomebodyElseBeforeTheFirst_revokesNothingByItself() {
    var before = token();
    sql("insert into issuance.watermark_set (version, members, mac) values (7, '', 'aa')");

    watermarks.refresh();

    assertThat(watermarks.brokenSince()).isPresent();
    assertThat(isRevoked(before)).isFalse();
    make(Target.ALL, "");
    assertThat(isRevoked(before)).isTrue();
    watermarks = process();
    assertThat(watermarks.brokenSince()).isEmpty();
  }

  @Test
  void failedTransaction_leavesNothingInForce() {
    var before = token();
    sql("revoke insert on issuance.watermark from ingam_server");
    try {
      assertThatThrownBy(() -> make(Target.ALL, "")).isInstanceOf(DataAccessException.class);
    } finally {
      sql("grant insert on issuance.watermark to ingam_server");
    }

    assertThat(isRevoked(before)).isFalse();
    assertThat(watermarks.epoch()).isZero();
    assertThat(events.after(0, 10)).isEmpty();
    make(Target.ALL, "");
    assertThat(isRevoked(before)).isTrue();
  }

  @Test
  void closedLedger_leavesNothingInForce() {
    ledger.close();

    assertThatThrownBy(() -> make(Target.ALL, "")).isInstanceOf(IssuanceException.class);

    assertThat(watermarks.newest(10)).isEmpty();
    ledger.start("node-1", "boot-1");
  }

  @Test
  void anotherProcess_isNotOverwrittenButFollowed() {
    var before = token();
    var other = process();
    assertThat(other.make(order(Target.CLIENT, "shop", null))).isPresent();

    assertThatThrownBy(() -> make(Target.ALL, ""))
        .isInstanceOfSatisfying(
            IssuanceException.class,
            e -> assertThat(e.kind()).isEqualTo(IssuanceException.Kind.ALREADY_SERVED));
    watermarks.refresh();

    assertThat(isRevoked(before)).isTrue();
    assertThat(watermarks.brokenSince()).isEmpty();
    assertThat(make(Target.ALL, "").id()).isEqualTo(2);
  }

  @Test
  void tooMany_areRefusedUntilSomeLeave() {
    for (int i = 0; i < Watermarks.MOST; i++) {
      make(Target.SUBJECT, "m-" + i);
    }
    var before = token();

    assertThat(watermarks.make(order(Target.ALL, "", null))).isEmpty();
    assertThat(watermarks.state().watermarks()).hasSize(Watermarks.MOST);
    assertThat(isRevoked(before)).isFalse();
    pass(Mark.TOKENS);
    assertThat(watermarks.make(order(Target.ALL, "", null))).isPresent();
    assertThat(isRevoked(before)).isTrue();
  }

  @Test
  void subject_isNamedNowhere() {
    make(Target.SUBJECT, "kim.minsu@example");

    var rows =
        database.sql("select w::text from issuance.watermark w").query(String.class).single();
    assertThat(rows).doesNotContain("kim");
    assertThat(events.after(0, 10).toString()).doesNotContain("kim").contains("stolen");
    assertThat(new String(watermarks.state().toJson(), java.nio.charset.StandardCharsets.UTF_8))
        .doesNotContain("kim")
        .contains("\"target\":\"subject\"");
    assertThat(order(Target.SUBJECT, "kim", null).toString()).doesNotContain("kim");
  }

  @Test
  void state_isTheSameObjectUntilSomethingChanges() {
    make(Target.ALL, "");
    var state = watermarks.state();
    watermarks.refresh();
    assertThat(watermarks.state()).isSameAs(state);
    assertThat(state.watermarks()).extracting(Watermark::target).containsExactly(Target.ALL);
    make(Target.KEY, "kid-1");
    assertThat(watermarks.state()).isNotSameAs(state);
  }

  @Test
  void event_tellsTargetMomentAndReason() {
    make(Target.CLIENT, "shop");
    watermarks.make(order(Target.KEY, "kid-1", Instant.parse("2026-11-23T08:50:00Z")));

    assertThat(events.after(0, 10))
        .extracting(event -> event.type() + " " + event.actor() + " " + event.body())
        .containsExactly(
            "watermark_made test {before=now, client=shop, target=client, watermark=1,"
                + " why=a laptop was stolen}",
            "watermark_made test {before=iat 1795423860, kid=kid-1, target=key, watermark=2,"
                + " why=a laptop was stolen}");
  }
}
