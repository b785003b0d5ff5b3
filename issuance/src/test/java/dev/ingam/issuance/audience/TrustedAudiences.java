package dev.ingam.issuance.audience;

import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.PathPattern;
import dev.ingam.issuance.route.Route;
import dev.ingam.issuance.route.Routes;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.TrustLevel;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Audiences with trust levels beside real routes, on a real database.
abstract class TrustedAudiences {
  static final String API = "https://api.example";

  private final TestDatabase house;

  final SettableClock clock = SettableClock.at("2026-11-23T09:00:00.5Z");
  final SealingKeys sealing = TestLedger.sealing();
  final JdbcClient database;
  final EventTable events;
  Routes routes;
  Audiences audiences;

  TrustedAudiences(TestDatabase house) {
    this.house = house;
    database = house.serverClient();
    events = new EventTable(database, "issuance", clock);
  }

  @BeforeEach
  void empty() {
    sql(
        "truncate issuance.audience, issuance.audience_set, issuance.route, issuance.route_set,"
            + " issuance.event");
    open();
  }

  void sql(String statement) {
    house.ownerClient().sql(statement).update();
  }

  void open() {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(house.server()));
    var macs = new RowMac(sealing);
    var storage = new Audiences.Storage(database, transactions, macs, events);
    routes =
        new Routes(
            new Routes.Storage(database, transactions, macs, events),
            new LoweredRows(storage, clock),
            clock);
    audiences =
        new Audiences(
            storage,
            new Audiences.Surroundings(Set.of("access"), "access", routes::isPersonal),
            clock);
  }

  static AudienceChange change(
      @Nullable DataClass data, @Nullable TrustLevel trust, @Nullable Instant until) {
    var lowers = trust != null && trust.isLowered();
    return new AudienceChange(API, null, data, trust, until, lowers ? "first day" : null);
  }

  Outcome set(AudienceChange change) {
    var version =
        audiences.list().stream()
            .filter(kept -> kept.audience().name().equals(change.name()))
            .map(Audiences.Kept::version)
            .findFirst()
            .orElse(null);
    return audiences.set(audiences.plan(change).audience(), version, "kim");
  }

  Outcome lower(TrustLevel level) {
    return set(change(DataClass.INTERNAL, level, null));
  }

  Audience policy() {
    return audiences.find(API) instanceof AudienceMatch.Found(Audience found)
        ? found
        : new Audience(API, "access");
  }

  boolean isLowered() {
    return policy().isLowered(clock.instant());
  }

  static Route route(DataClass data) {
    return route("r", "/x", data);
  }

  static Route route(String id, String path, DataClass data) {
    return new Route(id, "GET", PathPattern.of(path), API, Set.of(), data, false, false);
  }
}
