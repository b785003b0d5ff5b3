package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.NodeLease;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.IssuanceException.Kind;
import dev.ingam.server.postgres.DatabaseAccess;
import dev.ingam.server.postgres.DatabaseAccess.Login;
import dev.ingam.server.start.Secret;
import dev.ingam.server.start.StartFailure;
import dev.ingam.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who may change the tables, and when: whoever serves the database, and nobody before he does.
class MigrationsTest {
  private static final int SERVERS = 6;

  @RegisterExtension final TestDatabase database = TestDatabase.empty();

  private DatabaseAccess access(String owner, String server) {
    return new DatabaseAccess(
        database.url(), new Login(owner, new Secret(owner)), new Login(server, new Secret(server)));
  }

  private NodeLease start(String node) {
    return Migrations.run(
        access(TestDatabase.OWNER, TestDatabase.SERVER),
        owner -> NodeLease.requireUnserved(JdbcClient.create(owner), node),
        () -> {
          var lease = new NodeLease(database.serverClient(), node, node, System::nanoTime);
          lease.acquire();
          return lease;
        });
  }

  private List<String> tables() {
    return database
        .ownerClient()
        .sql(
            "select schemaname || '.' || tablename from pg_tables"
                + " where schemaname in ('keys', 'issuance') order by 1")
        .query(String.class)
        .list();
  }

  @Test
  void emptyDatabase_startedOnByMany_isServedByOne() throws Exception {
    var go = new CountDownLatch(1);
    int served = 0;
    try (var threads = Executors.newFixedThreadPool(SERVERS)) {
      var starts = new ArrayList<Future<NodeLease>>();
      for (int i = 0; i < SERVERS; i++) {
        var node = "node-" + i;
        Callable<NodeLease> start =
            () -> {
              go.await();
              return start(node);
            };
        starts.add(threads.submit(start));
      }
      go.countDown();
      for (var start : starts) {
        served += served(start) ? 1 : 0;
      }
    }
    assertThat(served).isEqualTo(1);
    assertThat(tables()).contains("keys.signing_key", "issuance.node_lease", "issuance.book");
  }

  private static boolean served(Future<NodeLease> start) throws InterruptedException {
    try {
      return start.get().isHeld();
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              IssuanceException.class,
              refusal -> assertThat(refusal.kind()).isEqualTo(Kind.ALREADY_SERVED));
      return false;
    }
  }

  /// As a newer version would find it: tables are missing that it would make.
  @Test
  void servedDatabase_isNotMigratedByWhoIsRefused() {
    start("node-1");
    database.ownerClient().sql("drop schema keys cascade").update();
    var before = tables();
    assertThat(before).doesNotContain("keys.signing_key").contains("issuance.node_lease");

    assertThatThrownBy(() -> start("node-2")).isInstanceOf(IssuanceException.class);

    assertThat(tables()).isEqualTo(before);
    assertThat(start("node-1").isHeld()).isTrue();
    assertThat(tables()).contains("keys.signing_key");
  }

  @Test
  void refusal_ofTheCondition_leavesTheDatabaseEmpty() {
    assertThatThrownBy(() ->
            Migrations.run(
                access(TestDatabase.OWNER, TestDatabase.SERVER),
                owner -> {
                  throw new IllegalStateException("not ours");
                },
                () -> {
                  throw new AssertionError("went on");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(tables()).isEmpty();
  }

  /// The role that may not make tables is told so, in one message.
  @Test
  void ownerWithoutRights_isNamed() {
    assertThatThrownBy(() ->
            Migrations.run(
                access(TestDatabase.SERVER, TestDatabase.OWNER),
                owner -> {},
                () -> {
                  throw new AssertionError("went on");
                }))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("permission denied");
    assertThat(tables()).isEmpty();
  }
}
