package dev.ingam.keys;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.KeyState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody who can write to the database gets: nothing, and an alarm.
class ForeignHandTest {
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "signs_until = signs_until + interval '5 years'",
        "activated_at = activated_at + interval '1 day'",
        "state = 'prepared'",
        "key_set = 'other'",
        "purpose = 'statement'",
        "public_key = 'AAAA'",
        "reserve = true",
        "verify_for = 999999",
        "version = version + 1",
        "why = 'because'",
        "mac = '\\x00'"
      })
  void activeRow_changedByHand_grantsNothing(String change) {
    var kid = house.activeKid();
    change("UPDATE keys.signing_key SET " + change + " WHERE kid = '" + kid + "'");
    house.keys.runDue();
    assertThat(house.ring().find(kid)).isNull();
    assertThat(house.ring().publicSet().find(kid)).isNull();
    assertThat(house.activeKid()).isNotEqualTo(kid);
    assertThat(house.alarms()).contains("row_mac_failed");
    assertThat(house.count("row_mac_failed")).isEqualTo(1);
    assertThat(house.stores.open("domain-1").handles()).doesNotContain(kid);
    house.restart();
    assertThat(house.ring().find(kid)).isNull();
    assertThat(house.alarms()).contains("row_mac_failed");
    assertThat(house.count("row_mac_failed")).isEqualTo(1);
  }

  @Test
  void waitingRow_madeActiveByHand() {
    var active = house.activeKid();
    var waiting = house.waiting().kid();
    change("UPDATE keys.signing_key SET state = 'retiring' WHERE kid = '" + active + "'");
    change("UPDATE keys.signing_key SET state = 'active' WHERE kid = '" + waiting + "'");
    house.keys.runDue();
    assertThat(house.activeKid()).isNotEqualTo(active).isNotEqualTo(waiting);
    assertThat(house.sign()).hasSize(64);
  }

  @Test
  void olderRow_putBackByHand_doesNotReviveATaintedKey() {
    var kid = house.waiting().kid();
    change("CREATE TABLE kept AS SELECT * FROM keys.signing_key WHERE kid = '" + kid + "'");
    house.keys.taint(kid, "why", "test");
    change("DELETE FROM keys.signing_key WHERE kid = '" + kid + "'");
    change("INSERT INTO keys.signing_key SELECT * FROM kept");
    house.keys.runDue();
    assertThat(house.ring().find(kid)).isNull();
    assertThat(house.alarms()).contains("row_mac_failed");
  }

  @Test
  void activeRow_copiedFromAnotherKey() {
    var kid = house.activeKid();
    change("UPDATE keys.signing_key SET kid = 'mine' WHERE kid = '" + kid + "'");
    house.keys.runDue();
    assertThat(house.ring().find("mine")).isNull();
    assertThat(house.alarms()).contains("row_mac_failed", "row_missing");
    assertThat(house.sign()).hasSize(64);
  }

  @Test
  void deletedRow_isReplacedAndAlarms() {
    var kid = house.activeKid();
    change("DELETE FROM keys.signing_key WHERE kid = '" + kid + "'");
    house.keys.runDue();
    assertThat(house.alarms()).contains("row_missing");
    assertThat(house.activeKid()).isNotEqualTo(kid);
  }

  @Test
  void olderDatabase_atStart_destroysNoNewerKey() {
    var newer = house.keys.prepare("access", "test").kid();
    house.keys.condemn(house.reserve().kid(), "proof", "judge");
    var reserve = house.reserve();
    house.kill();
    change("DELETE FROM keys.signing_key WHERE kid IN ('" + newer + "', '" + reserve.kid() + "')");
    change("DELETE FROM keys.custody_domain WHERE name = '" + reserve.domain() + "'");
    house.start();
    house.keys.runDue();
    assertThat(house.stores.open("domain-1").handles()).contains(newer);
    assertThat(house.stores.open(reserve.domain()).handles()).contains(reserve.kid());
    assertThat(house.alarms()).contains("private_half_unnamed");
    assertThat(house.reserve().domain()).isNotEqualTo(reserve.domain());
    assertThat(house.sign()).hasSize(64);
  }

  @Test
  void condemnedDomain_calledSoundByHand_bearsNoKey() {
    house.keys.condemn(house.activeKid(), "proof", "judge");
    change(
        "UPDATE keys.custody_domain SET role = 'spare', condemned_at = NULL"
            + " WHERE name = 'domain-1'");
    house.keys.runDue();
    assertThat(house.alarms()).contains("row_mac_failed");
    assertThat(house.keys.list())
        .filteredOn(key -> key.state() == KeyState.ACTIVE || key.state() == KeyState.PREPARED)
        .noneMatch(key -> key.domain().equals("domain-1"));
  }

  @Test
  void signingDomain_changedByHand_isReplaced() {
    change("UPDATE keys.custody_domain SET created_at = now() WHERE name = 'domain-1'");
    house.keys.runDue();
    assertThat(house.alarms()).contains("row_mac_failed");
    assertThat(house.keys.prepare("access", "test").domain()).isEqualTo("domain-3");
    var condemnation = house.keys.condemn(house.activeKid(), "proof", "judge");
    assertThat(condemnation.first()).isTrue();
    assertThat(condemnation.taintedKids()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(house.sign()).hasSize(64);
  }

  @Test
  void policyRow_changedByHand_changesNoPolicy() {
    var before = house.ring().active("access");
    change("UPDATE keys.key_set SET sign_for = 157680000");
    house.restart();
    assertThat(house.ring().active("access")).isEqualTo(before);
    assertThat(house.alarms()).contains("row_mac_failed");
  }

  @Test
  void databaseOfAnotherInstallation_isRefused(@TempDir Path other) {
    try (var empty = TestHouse.database();
        var stranger = new TestHouse(other, empty)) {
      stranger.source = house.database.server();
      refused(Code.FOREIGN_DATABASE, stranger::start);
    }
    assertThat(house.count("row_mac_failed")).isZero();
  }

  /// Before anything is changed in it, its tables too.
  @Test
  void databaseOfAnotherInstallation_isKnownBeforeItIsMigrated(@TempDir Path other) {
    var theirs = house.database.owner();
    KeysSchema.requireOurs(theirs, house.stores.sealingKeys(), house.stores);
    try (var empty = TestDatabase.empty();
        var strangers = TestHouse.database();
        var stranger = new TestHouse(other, strangers)) {
      stranger.open();
      refused(
          Code.FOREIGN_DATABASE,
          () -> KeysSchema.requireOurs(theirs, stranger.stores.sealingKeys(), stranger.stores));
      KeysSchema.requireOurs(empty.owner(), stranger.stores.sealingKeys(), stranger.stores);
      refused(
          Code.FOREIGN_DATABASE,
          () -> KeysSchema.requireOurs(empty.owner(), house.stores.sealingKeys(), house.stores));
    }
  }

  @Test
  void emptyDatabase_underADataFolderWithKeys_isRefused() {
    house.kill();
    try (var empty = TestHouse.database()) {
      house.source = empty.server();
      refused(Code.FOREIGN_DATABASE, house::start);
    }
    house.kill();
    house.source = house.database.server();
    house.start();
    assertThat(house.sign()).hasSize(64);
  }

  @Test
  void serverRole_cannotChangeOrDeleteEvents() {
    var server = house.database.serverClient();
    for (var sql :
        new String[] {
          "UPDATE keys.event SET actor = 'x'",
          "DELETE FROM keys.event",
          "DELETE FROM keys.signing_key",
          "DROP TABLE keys.event"
        }) {
      assertThatThrownBy(() -> server.sql(sql).update()).hasStackTraceContaining("ERROR:");
    }
  }

  private void change(String sql) {
    house.database.ownerClient().sql(sql).update();
  }

  @ParameterizedTest
  @ValueSource(strings = {"domain = 'domain-2'", "why = 'nothing'", "mac = '\\x00'"})
  void acknowledgement_writtenByHand_endsNoAlarm(String change) {
    var stolen = house.activeKid();
    house.keys.condemn(stolen, "proof", "judge");
    house.keys.acknowledgements().acknowledge(stolen, "found", "root");
    change("UPDATE keys.acknowledgement SET " + change);
    house.keys.runDue();
    assertThat(house.alarms()).contains("domain_condemned", "row_mac_failed");

    house.clock.advance(Duration.ofSeconds(1));
    house.keys.acknowledgements().acknowledge(stolen, "found", "root");
    house.keys.runDue();
    assertThat(house.alarms()).doesNotContain("domain_condemned").contains("row_mac_failed");
  }
}
