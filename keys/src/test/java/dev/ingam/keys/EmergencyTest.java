package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EmergencyTest {
  private static final int CALLS = 200;

  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;
  private TestHouse house;

  @BeforeEach
  void start() {
    house = TestHouse.started(folder, DATABASE);
  }

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void condemn_reserveTakesOver() {
    var active = house.activeKid();
    var waiting = house.waiting().kid();
    var reserve = house.reserve().kid();
    var master = house.installation.secretsDir().resolve("domain-3.master");
    assertThat(master).doesNotExist();

    var condemnation = house.keys.condemn(active, "proof 1", "judge");

    assertThat(condemnation.first()).isTrue();
    assertThat(condemnation.domain()).isEqualTo("domain-1");
    assertThat(condemnation.taintedKids()).containsExactlyInAnyOrder(active, waiting);
    assertThat(condemnation.newActiveKids()).containsExactly(reserve);
    assertThat(condemnation.replacedAt()).isEqualTo(condemnation.taintedAt());
    assertThat(house.activeKid()).isEqualTo(reserve);
    assertThat(house.sign()).hasSize(64);
    assertThat(house.reserve().domain()).isEqualTo("domain-3");
    assertThat(house.waiting().domain()).isEqualTo("domain-2");
    assertThat(master).exists();
    assertThat(house.alarms()).isEmpty();
    house.keys.runDue();
    // The reserve was made a moment ago: caches do not have it yet.
    assertThat(house.alarms()).containsExactly("domain_condemned", "verifiers_must_refetch");
  }

  @Test
  void condemn_publicSetLosesTheKeyAndTheAuthenticatedKeepsIt() {
    var active = house.activeKid();
    house.keys.condemn(active, "proof", "judge");
    assertThat(house.ring().publicSet().find(active)).isNull();
    assertThat(house.ring().authenticatedSet().find(active).state()).isEqualTo(KeyState.TAINTED);
    assertThat(house.ring().find(active).state()).isEqualTo(KeyState.TAINTED);
  }

  @Test
  void condemn_privateHalvesAreGone() {
    house.keys.condemn(house.activeKid(), "proof", "judge");
    assertThat(house.folder.resolve("data/keys/domain-1.json")).doesNotExist();
    assertThat(house.installation.secretsDir().resolve("domain-1.master")).doesNotExist();
    assertThat(house.in(KeyState.TAINTED)).noneMatch(KeyView::privateHalf);
  }

  @Test
  void condemn_byManyThreads_happensOnce() throws Exception {
    var active = house.activeKid();
    var start = new CountDownLatch(1);
    Callable<Condemnation> call =
        () -> {
          start.await();
          return house.keys.condemn(active, "proof", "judge");
        };
    var condemnations = new ArrayList<Condemnation>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Condemnation>>();
      for (int i = 0; i < CALLS; i++) {
        running.add(threads.submit(call));
      }
      start.countDown();
      for (var one : running) {
        condemnations.add(one.get());
      }
    }
    assertThat(condemnations).filteredOn(Condemnation::first).hasSize(1);
    assertThat(new HashSet<>(condemnations.stream().map(Condemnation::again).toList())).hasSize(1);
    assertThat(house.count("domain.condemned")).isEqualTo(1);
    assertThat(house.count("key.tainted")).isEqualTo(2);
    assertThat(house.in(KeyState.ACTIVE)).hasSize(1);
  }

  @Test
  void condemn_whileOthersSign_neverLeavesNoActiveKey() throws Exception {
    var signed = new AtomicInteger();
    var stop = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2)) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < 2; i++) {
        running.add(threads.submit(() -> signUntil(stop, signed)));
      }
      house.keys.condemn(house.activeKid(), "proof", "judge");
      house.keys.condemn(house.activeKid(), "proof", "judge");
      stop.set(true);
      for (var one : running) {
        one.get();
      }
    }
    assertThat(signed.get()).isPositive();
    assertThat(house.keys.alarms()).noneMatch(alarm -> alarm.code().equals("no_active_key"));
  }

  @Test
  void condemn_oldKeyOfTheCondemnedDomain_isAnsweredFromMemory() {
    var waiting = house.waiting().kid();
    house.keys.condemn(house.activeKid(), "proof", "judge");
    house.database.ownerClient().sql("ALTER TABLE keys.custody_domain RENAME TO away").update();
    try {
      assertThat(house.keys.condemn(waiting, "proof", "judge").first()).isFalse();
    } finally {
      house.database.ownerClient().sql("ALTER TABLE keys.away RENAME TO custody_domain").update();
    }
  }

  @Test
  void condemn_again_afterARestart() {
    var active = house.activeKid();
    var first = house.keys.condemn(active, "proof", "judge");
    house.restart();
    var again = house.keys.condemn(active, "proof", "judge");
    assertThat(again).isEqualTo(first.again());
  }

  @Test
  void condemn_reserveDomain_leavesTheActiveKey() {
    var active = house.activeKid();
    var reserve = house.reserve().kid();
    var condemnation = house.keys.condemn(reserve, "proof", "judge");
    assertThat(condemnation.newActiveKids()).isEmpty();
    assertThat(condemnation.taintedKids()).containsExactly(reserve);
    assertThat(house.activeKid()).isEqualTo(active);
    assertThat(house.reserve().domain()).isEqualTo("domain-3");
  }

  @Test
  void condemn_withoutReserve_makesAKeyOnTheSpot() throws Exception {
    Files.delete(house.installation.secretsDir().resolve("domain-2.master"));
    var old = house.activeKid();
    var condemnation = house.keys.condemn(old, "proof", "judge");
    assertThat(condemnation.newActiveKids()).hasSize(1).doesNotContain(old);
    assertThat(house.sign()).hasSize(64);
    house.keys.runDue();
    assertThat(house.alarms()).contains("verifiers_must_refetch");
  }

  @Test
  void condemn_noSuccessorCanBeHad_taintsAtOnceAndActivatesLater() throws Exception {
    var disk = restartedOnFullDisk();
    Files.delete(house.installation.secretsDir().resolve("domain-2.master"));
    var old = house.activeKid();

    var condemnation = house.keys.condemn(old, "proof", "judge");

    assertThat(condemnation.first()).isTrue();
    assertThat(condemnation.taintedKids()).contains(old);
    assertThat(condemnation.newActiveKids()).isEmpty();
    assertThat(house.ring().publicSet().find(old)).isNull();
    assertThat(house.ring().find(old).state()).isEqualTo(KeyState.TAINTED);
    KeyLifecycleTest.refused(KeysException.Code.NO_ACTIVE_KEY, house::sign);
    house.keys.runDue();
    assertThat(house.alarms()).contains("no_active_key", "domain_condemned");

    disk.full = false;
    house.keys.runDue();
    assertThat(house.activeKid()).isNotEqualTo(old);
    assertThat(house.sign()).hasSize(64);
  }

  @Test
  void condemn_oneSetGetsNoKey_theOtherTakesItsReserve() {
    house.sets =
        List.of(
            KeySetConfig.access(),
            new KeySetConfig(
                "statement",
                KeyPurpose.STATEMENT,
                Algorithm.ES256,
                KeyPolicy.standard(KeyPurpose.STATEMENT)));
    var disk = restartedOnFullDisk();
    var reserve = house.reserve().kid();

    var condemnation = house.keys.condemn(house.activeKid(), "proof", "judge");

    assertThat(condemnation.newActiveKids()).containsExactly(reserve);
    assertThat(house.sign()).hasSize(64);
    disk.full = false;
    house.keys.runDue();
    assertThat(house.ring().active("statement").kid()).isNotEqualTo(reserve);
    assertThat(house.activeKid()).isEqualTo(reserve);
  }

  @Test
  void laterEmergencies_waitTheirTurn() {
    house.keys.condemn(house.activeKid(), "one", "judge");
    house.clock.advance(Duration.ofSeconds(5));
    var second = house.keys.condemn(house.activeKid(), "two", "judge");
    assertThat(second.first()).isTrue();
    assertThat(second.replacedAt()).isNotNull();

    house.clock.advance(Duration.ofSeconds(5));
    var kid = house.activeKid();
    var third = house.keys.condemn(kid, "three", "judge");
    assertThat(third.first()).isTrue();
    assertThat(third.replacedAt()).isNull();
    assertThat(house.keys.condemn(kid, "three", "judge").first()).isFalse();
    house.keys.runDue();
    assertThat(house.activeKid()).isEqualTo(kid);
    assertThat(house.alarms()).contains("emergency_deferred", "store_compromised");

    house.clock.set(third.taintedAt());
    house.keys.runDue();
    assertThat(house.activeKid()).isNotEqualTo(kid);
    assertThat(house.keys.condemn(kid, "three", "judge").replacedAt()).isNotNull();
    assertThat(house.alarms()).contains("store_compromised").doesNotContain("emergency_deferred");
  }

  /// Neither one that waits already, nor one whose turn would come long after the last one's.
  @Test
  void laterEmergency_clockPutBack_isNotHeldUp() {
    house.keys.condemn(house.activeKid(), "one", "judge");
    house.keys.condemn(house.activeKid(), "two", "judge");
    var third = house.activeKid();
    house.keys.condemn(third, "three", "judge");
    house.clock.advance(Duration.ofDays(-30));
    house.keys.runDue();
    assertThat(house.activeKid()).isNotEqualTo(third);
    var fourth = house.activeKid();

    house.clock.advance(Duration.ofDays(-30));

    assertThat(house.keys.condemn(fourth, "four", "judge").replacedAt()).isNotNull();
    assertThat(house.activeKid()).isNotEqualTo(fourth);
  }

  @Test
  void laterEmergency_waiting_isNotHeldUpForAPerson() {
    house.keys.condemn(house.activeKid(), "one", "judge");
    house.keys.condemn(house.activeKid(), "two", "judge");
    var kid = house.activeKid();
    house.keys.condemn(kid, "three", "judge");
    assertThat(house.keys.taint(kid, "now", "person").state()).isEqualTo(KeyState.TAINTED);
    assertThat(house.activeKid()).isNotEqualTo(kid);
  }

  @Test
  void secondEmergency_onTheReserveBornBefore_isNoCompromisedStore() {
    house.clock.advance(Duration.ofSeconds(1));
    house.keys.condemn(house.activeKid(), "one", "judge");
    house.keys.condemn(house.activeKid(), "two", "judge");
    house.keys.runDue();
    assertThat(house.alarms()).doesNotContain("store_compromised");
  }

  @Test
  void successorOfAnEmergency_followsWithoutAGap() {
    house.keys.condemn(house.activeKid(), "one", "judge");
    var kids = new HashSet<>(List.of(house.activeKid()));
    for (int step = 0; step < 23 * 6; step++) {
      house.clock.advance(Duration.ofMinutes(10));
      house.keys.runDue();
    }
    for (int step = 0; step < 3 * 60; step++) {
      house.clock.advance(Duration.ofSeconds(30));
      house.keys.runDue();
      house.sign();
      house.clock.advance(Duration.ofSeconds(30));
      house.read();
      house.sign();
      kids.add(house.activeKid());
    }
    assertThat(kids).hasSize(2);
  }

  @Test
  void reserve_isRenewed() {
    var first = house.reserve().kid();
    for (int step = 0; step < 4 * 17; step++) {
      house.clock.advance(Duration.ofMinutes(30 * 12));
      house.keys.runDue();
    }
    assertThat(house.reserve().kid()).isNotEqualTo(first);
    assertThat(house.keys.show(first).state()).isEqualTo(KeyState.DESTROYED);
  }

  private FullDisk restartedOnFullDisk() {
    var disk = new FullDisk();
    house.files = disk;
    house.restart();
    disk.full = true;
    return disk;
  }

  private void signUntil(AtomicBoolean stop, AtomicInteger signed) {
    while (!stop.get()) {
      try {
        house.sign();
        signed.incrementAndGet();
      } catch (KeysException e) {
        assertThat(e.code()).isEqualTo(KeysException.Code.NOT_ACTIVE);
      }
    }
  }

  @Test
  void acknowledged_noAlarmStandsAndANewEmergencyAlarmsAgain() {
    house.clock.advance(Duration.ofSeconds(1));
    var stolen = house.activeKid();
    house.keys.condemn(stolen, "proof", "judge");
    house.keys.runDue();
    assertThat(house.keys.alarms())
        .filteredOn(alarm -> alarm.code().equals("domain_condemned"))
        .singleElement()
        .satisfies(alarm ->
            assertThat(alarm.doNext())
                .contains("ingam proofs acknowledge " + stolen + " --reason TEXT"));
    assertThat(house.keys.acknowledgements().open()).containsExactly(stolen);

    assertThat(house.keys.acknowledgements().acknowledge(stolen, "laptop found", "root"))
        .isEqualTo("domain-1");
    house.keys.acknowledgements().acknowledge(stolen, "again", "root");
    house.keys.runDue();

    assertThat(house.alarms()).isEmpty();
    assertThat(house.keys.acknowledgements().open()).isEmpty();
    assertThat(house.count("domain.acknowledged")).isEqualTo(1);
    house.restart();
    house.keys.runDue();
    assertThat(house.alarms()).isEmpty();
    house.keys.condemn(house.activeKid(), "proof", "judge");
    house.keys.runDue();
    assertThat(house.alarms()).contains("domain_condemned");
  }

  @Test
  void acknowledge_whatIsNotReplaced_isRefused() {
    assertThatThrownBy(() -> house.keys.acknowledgements().acknowledge("none", "x", "root"))
        .hasMessageContaining("no key");
    assertThatThrownBy(
            () -> house.keys.acknowledgements().acknowledge(house.activeKid(), "x", "root"))
        .isInstanceOf(KeysException.class)
        .hasMessageContaining("not condemned");
    house.keys.condemn(house.activeKid(), "one", "judge");
    house.keys.condemn(house.activeKid(), "two", "judge");
    var waiting = house.activeKid();
    house.keys.condemn(waiting, "three", "judge");
    assertThatThrownBy(() -> house.keys.acknowledgements().acknowledge(waiting, "x", "root"))
        .hasMessageContaining("not replaced yet");
    assertThat(house.keys.acknowledgements().open()).hasSize(2).doesNotContain(waiting);
    assertThat(house.count("domain.acknowledged")).isZero();
  }
}
