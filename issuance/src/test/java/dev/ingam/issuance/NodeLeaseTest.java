package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.testkit.TestDatabase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeLeaseTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  @BeforeEach
  void empty() {
    DATABASE.ownerClient().sql("truncate issuance.node_lease").update();
  }

  private NodeLease lease(String node, String holder) {
    return new NodeLease(DATABASE.serverClient(), node, holder, nanos::get);
  }

  @Test
  void secondNode_isRefusedWithTheFirstsName() {
    lease("node-1", "a").acquire();

    assertThatThrownBy(() -> lease("node-2", "b").acquire())
        .isInstanceOfSatisfying(
            IssuanceException.class,
            e -> assertThat(e.kind()).isEqualTo(IssuanceException.Kind.ALREADY_SERVED))
        .hasMessageContaining("node-1");
  }

  @Test
  void ownNode_isTakenOverAndTheOneBeforeNotices() {
    var before = lease("node-1", "a");
    before.acquire();
    var next = lease("node-1", "b");

    next.acquire();

    assertThat(before.renew()).isFalse();
    assertThat(before.isHeld()).isFalse();
    assertThat(next.renew()).isTrue();
    assertThatThrownBy(before::require).isInstanceOf(IssuanceException.class);
  }

  @Test
  void lease_endsByTheMonotonicClockWhenTheDatabaseIsAway() {
    var lease = lease("node-1", "a");
    lease.acquire();
    DATABASE.ownerClient().sql("alter table issuance.node_lease rename to gone").update();
    try {
      nanos.addAndGet(NodeLease.DURATION.minusMillis(1).toNanos());
      assertThat(lease.renew()).isFalse();
      assertThat(lease.isHeld()).isTrue();
      nanos.addAndGet(Duration.ofMillis(1).toNanos());
      assertThat(lease.isHeld()).isFalse();
    } finally {
      DATABASE.ownerClient().sql("alter table issuance.gone rename to node_lease").update();
    }
    assertThat(lease.renew()).isTrue();
    assertThat(lease.isHeld()).isTrue();
  }

  @Test
  void closedLease_letsTheNextNodeInAtOnce() {
    var lease = lease("node-1", "a");
    lease.acquire();

    lease.close();

    assertThat(lease.isHeld()).isFalse();
    lease("node-2", "b").acquire();
  }

  @Test
  void leaseNeverAcquired_isNotHeld() {
    assertThat(lease("node-1", "a").isHeld()).isFalse();
    assertThat(lease("node-1", "a").renew()).isFalse();
  }
}
