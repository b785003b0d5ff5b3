package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.audience.AudienceChange;
import dev.ingam.issuance.audience.AudienceMatch;
import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LoweredTrust;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TrustLevel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Trust levels as the whole of issuance sees them: decided, told, counted, judged.
class ObservedTokensTest {
  private static final String SHOP = "https://shop.example";
  private static final Caller CALLER = new Caller("shop-api", Set.of(Internal.LEDGER_SCOPE));
  private static final Duration WEEK = Duration.ofDays(7);

  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private IssuanceFixture house;
  private long requests;
  @TempDir private Path folder;

  @BeforeEach
  void open() {
    house = new IssuanceFixture(DATABASE, folder);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static void sql(String statement) {
    DATABASE.ownerClient().sql(statement).update();
  }

  private void lower(TrustLevel level) {
    assertThat(set(DataClass.INTERNAL, level)).isEqualTo(Outcome.DONE);
  }

  private Outcome set(@Nullable DataClass data, TrustLevel level) {
    var audiences = house.issuance.audiences();
    var until = level.isLowered() ? house.clock.instant().plus(WEEK) : null;
    var why = level.isLowered() ? "first day" : null;
    var planned = audiences.plan(new AudienceChange(SHOP, null, data, level, until, why));
    var version = planned.before() == null ? null : audiences.list().getFirst().version();
    return audiences.set(planned.audience(), version, "test");
  }

  private void refresh() {
    house.issuance.routes().refresh();
    house.issuance.audiences().refresh();
  }

  private TrustLevel level() {
    return house.issuance.trust().of(SHOP);
  }

  private List<LoweredTrust> told() {
    return house.issuance.told().trust();
  }

  private String forged() {
    var now = house.clock.instant().getEpochSecond();
    var payload =
        ("{\"iss\":\"%s\",\"sub\":\"ghost\",\"aud\":\"%s\",\"client_id\":\"x\","
                + "\"iat\":%d,\"exp\":%d,\"jti\":\"AAAAAAAAAAAAAAAAAAAAAA\"}")
            .formatted(IssuanceFixture.ISSUER, SHOP, now, now + 300);
    return house.keys.forge(house.keys.activeKid(), payload);
  }

  private String honest() {
    return house.token("shop", house.secretClient("shop", Set.of(ClientRight.CLIENT_CREDENTIALS)));
  }

  private @Nullable Reason report(String token, @Nullable Reason observed) {
    var id = Base64Url.encode(ByteBuffer.allocate(16).putLong(7).putLong(++requests).array());
    var item = new LedgerItem(id, "", false, token, observed);
    return house.issuance.ledgerQueries().report(CALLER, List.of(item)).getFirst().reason();
  }

  private Map<Reason, Long> counts() {
    return house.issuance.audiences().list().stream()
        .map(kept -> house.issuance.observed().of(kept.audience()))
        .findFirst()
        .orElse(Map.of());
  }

  private List<Alarm> lowered() {
    return house.issuance.alarms().stream()
        .filter(alarm -> alarm.code().equals("trust_lowered"))
        .toList();
  }

  /// Every combination of class, route, level and time: personal data never, and the rest as its
  /// policy says and no longer.
  @Test
  void level_overAllCombinations() {
    var combinations = new ArrayList<String>();
    for (var data : DataClass.values()) {
      for (var named : DataClass.values()) {
        for (var level : TrustLevel.values()) {
          combinations.add(combination(data, named, level));
        }
      }
    }
    assertThat(combinations).hasSize(27).doesNotHaveDuplicates();
  }

  private String combination(DataClass data, DataClass named, TrustLevel level) {
    var name = data + " " + named + " " + level;
    IssuanceFixture.empty(DATABASE);
    house.close();
    house = new IssuanceFixture(DATABASE, folder.resolve(name.replace(' ', '-')));
    var route = new Route("r", "GET", PathPattern.of("/x"), SHOP, Set.of(), named, false, false);
    house.issuance.routes().add(route, "test");
    Outcome outcome;
    try {
      outcome = set(data, level);
    } catch (IllegalArgumentException e) {
      outcome = Outcome.PERSONAL_ROUTE;
    }
    var personal = data == DataClass.PERSONAL || named == DataClass.PERSONAL;
    var may = !level.isLowered() || !personal;
    assertThat(outcome == Outcome.DONE).as(name).isEqualTo(may);
    assertThat(level()).as(name).isEqualTo(may ? level : TrustLevel.REQUIRED);
    assertThat(told()).as(name).hasSize(may && level.isLowered() ? 1 : 0);
    house.clock.advance(WEEK);
    assertThat(level()).as(name).isEqualTo(TrustLevel.REQUIRED);
    assertThat(told()).as(name).isEmpty();
    assertThat(lowered()).as(name).isEmpty();
    return name;
  }

  /// Even if the two stand side by side, as no door lets them but a database that was put back: the
  /// decision looks at both.
  @Test
  void routeOfPersonalData_countsAtEachDecision() {
    var route =
        new Route(
            "r", "GET", PathPattern.of("/x"), SHOP, Set.of(), DataClass.PERSONAL, false, false);
    house.issuance.routes().add(route, "test");
    sql("create table issuance.kept_route as select * from issuance.route");
    sql("create table issuance.kept_set as select * from issuance.route_set");
    house.issuance.routes().remove("r", "test");
    lower(TrustLevel.OFF);
    assertThat(level()).isEqualTo(TrustLevel.OFF);
    sql("delete from issuance.route_set");
    sql("insert into issuance.route select * from issuance.kept_route");
    sql("insert into issuance.route_set select * from issuance.kept_set");
    sql("drop table issuance.kept_route, issuance.kept_set");

    var next = nextProcess();

    assertThat(next.routes().list()).containsExactly(route);
    assertThat(next.audiences().find(SHOP)).isInstanceOf(AudienceMatch.Found.class);
    assertThat(next.trust().of(SHOP)).isEqualTo(TrustLevel.REQUIRED);
    assertThat(next.trust().lowered()).isEmpty();
    refresh();
    assertThat(level())
        .as("this process sees that routes are not ours")
        .isEqualTo(TrustLevel.REQUIRED);
  }

  private Policies nextProcess() {
    return Policies.of(
        DATABASE.serverClient(),
        new TransactionTemplate(new JdbcTransactionManager(DATABASE.server())),
        new RowMac(house.sealing),
        house.issuance.events(),
        new Policies.Kinds(Set.of("access"), "access", Recall.NONE, house.clock));
  }

  @Test
  void doubt_isRequiredAndAlarms() {
    lower(TrustLevel.OFF);
    sql("update issuance.audience set trust_until = trust_until + 1");
    refresh();
    assertThat(level()).isEqualTo(TrustLevel.REQUIRED);
    assertThat(told()).isEmpty();
    assertThat(house.issuance.alarms()).extracting(Alarm::code).containsExactly("row_not_ours");

    sql("update issuance.audience set trust_until = trust_until - 1");
    refresh();
    assertThat(level()).isEqualTo(TrustLevel.OFF);
    sql("update issuance.audience_set set mac = 'x'");
    refresh();
    assertThat(level()).isEqualTo(TrustLevel.REQUIRED);
  }

  @Test
  void routesInDoubt_areRequired() {
    lower(TrustLevel.OBSERVE);
    var route =
        new Route(
            "r", "GET", PathPattern.of("/x"), "other", Set.of(), DataClass.NONE, false, false);
    house.issuance.routes().add(route, "test");
    assertThat(level()).isEqualTo(TrustLevel.OBSERVE);
    sql("delete from issuance.route");
    refresh();
    assertThat(level()).isEqualTo(TrustLevel.REQUIRED);
  }

  @Test
  void told_isTheSameObjectAsLongAsNothingChanged() {
    var before = house.issuance.told();
    assertThat(house.issuance.told()).isSameAs(before);
    lower(TrustLevel.OBSERVE);
    var after = house.issuance.told();
    assertThat(after).isNotSameAs(before);
    assertThat(after.trust())
        .containsExactly(
            new LoweredTrust(
                SHOP, TrustLevel.OBSERVE, house.clock.instant().plus(WEEK).getEpochSecond()));
    assertThat(house.issuance.told()).isSameAs(after);
  }

  @Test
  void alarm_standsWithTheCountUntilTheEnd() {
    assertThat(lowered()).isEmpty();
    lower(TrustLevel.OBSERVE);
    report(honest(), Reason.LEDGER_UNAVAILABLE);
    assertThat(lowered())
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.what()).contains(SHOP, "observe", "ledger_unavailable 1");
          assertThat(alarm.doNext()).contains("ingam audiences set " + SHOP + " --trust required");
          assertThat(alarm.since()).isEqualTo(house.clock.instant());
        });
    house.clock.advance(WEEK);
    assertThat(lowered()).isEmpty();
  }

  @Test
  void reports_areCountedByReasonOverARestart() {
    var token = honest();
    report(token, Reason.LEDGER_DOUBT);
    assertThat(house.issuance.observed().total()).as("nothing is lowered").isEmpty();
    lower(TrustLevel.OBSERVE);
    report(token, Reason.LEDGER_DOUBT);
    report(token, Reason.LEDGER_DOUBT);
    report(token, Reason.LEDGER_UNAVAILABLE);
    report(token, null);
    report("junk", Reason.LEDGER_DOUBT);

    assertThat(counts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Reason.LEDGER_DOUBT, 2L, Reason.LEDGER_UNAVAILABLE, 1L));
    house.issuance.observed().flush();
    assertThat(
            new Observations(DATABASE.serverClient(), house.issuance.audiences())
                .of(house.issuance.audiences().list().getFirst().audience()))
        .isEqualTo(counts());
  }

  /// Each lowering counts from nothing.
  @Test
  void nextLowering_countsAnew() {
    lower(TrustLevel.OBSERVE);
    report(honest(), Reason.LEDGER_DOUBT);
    assertThat(set(null, TrustLevel.REQUIRED)).isEqualTo(Outcome.DONE);
    house.clock.advance(Duration.ofMinutes(1));
    lower(TrustLevel.OBSERVE);
    assertThat(counts()).isEmpty();
    assertThat(house.issuance.observed().total()).containsEntry(Reason.LEDGER_DOUBT, 1L);
  }

  /// What the ledger was asked about was judged then; a forgery is one proof.
  @Test
  void observedForgery_isJudgedOnce() {
    lower(TrustLevel.OBSERVE);
    assertThat(report(forged(), Reason.NOT_ISSUED)).isEqualTo(Reason.NOT_ISSUED);
    assertThat(house.issuance.proofs().counts()).isEmpty();

    assertThat(report(forged(), Reason.LEDGER_UNAVAILABLE)).isEqualTo(Reason.NOT_ISSUED);
    assertThat(house.issuance.proofs().counts()).hasSize(1);
    assertThat(house.keys.condemnations()).isEqualTo(1);
    assertThat(report(honest(), Reason.LEDGER_UNAVAILABLE)).isNull();
  }
}
