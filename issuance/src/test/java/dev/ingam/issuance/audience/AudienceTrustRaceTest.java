package dev.ingam.issuance.audience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.Routes;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.testkit.Until;
import dev.ingam.wire.TrustLevel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Who lowers a trust level and who adds a route of personal data, at the same time.
class AudienceTrustRaceTest extends TrustedAudiences {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  AudienceTrustRaceTest() {
    super(DATABASE);
  }

  /// Whoever comes first: never both.
  @Test
  void loweringAndRouteOfPersonalData_atOnce_neverBoth() throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (var i = 0; i < 40; i++) {
        var barrier = new CyclicBarrier(2);
        Callable<Outcome> lowering =
            () -> {
              barrier.await();
              return lower(TrustLevel.OBSERVE);
            };
        Callable<Routes.Added> adding =
            () -> {
              barrier.await();
              return routes.add(route(DataClass.PERSONAL), "kim");
            };
        var first = threads.submit(lowering);
        var second = threads.submit(adding);
        var isLowered = first.get() == Outcome.DONE;
        var isAdded = second.get() == Routes.Added.ADDED;
        assertThat(isLowered).as("round " + i).isNotEqualTo(isAdded);
        routes.remove("r", "kim");
        audiences.delete(API, "kim");
      }
    }
  }

  /// The lock itself, without luck: while a transaction that lowers is open, who adds a route waits
  /// for it and then sees it.
  @Test
  void routeOfPersonalData_waitsForWhoLowers() throws Exception {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    try (var threads = Executors.newSingleThreadExecutor()) {
      var added =
          transactions.execute(status -> {
            lowerIn();
            var waiting = threads.submit(() -> routes.add(route(DataClass.PERSONAL), "kim"));
            assertWaits();
            return waiting;
          });
      assertThat(added.get()).isEqualTo(Routes.Added.AUDIENCE_LOWERED);
    }
  }

  /// In the transaction of this thread, which the policy's own one joins.
  private void lowerIn() {
    var storage =
        new Audiences.Storage(
            database,
            new TransactionTemplate(new JdbcTransactionManager(DATABASE.server())),
            new RowMac(sealing),
            events);
    var store = new AudienceStore(storage.database(), storage.macs());
    store.lockedSet();
    var planned = audiences.plan(change(DataClass.NONE, TrustLevel.OBSERVE, null)).audience();
    var row = store.signed(AudienceRow.of(planned, 1));
    store.write(row);
    store.write(AudienceSet.NONE.with(row));
  }

  private static void assertWaits() {
    Until.isTrue(
        "somebody waits for the set of audiences",
        Duration.ofSeconds(30),
        () ->
            DATABASE
                    .ownerClient()
                    .sql(
                        "select count(*) from pg_locks where not granted and relation ="
                            + " 'issuance.audience_set'::regclass")
                    .query(Long.class)
                    .single()
                == 1);
  }
}
