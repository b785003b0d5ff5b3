package dev.ingam.issuance.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class AudiencesTest {
  private static final String OLD = "https://old.example";
  private static final String NEW = "https://new.example";
  private static final Set<String> SETS = Set.of("access", "legacy");

  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final SealingKeys sealing = TestLedger.sealing();
  private final JdbcClient database = DATABASE.serverClient();
  private final EventTable events = new EventTable(database, "issuance", clock);
  private final Set<String> personal = new HashSet<>();
  private Audiences audiences;

  @BeforeEach
  void empty() {
    sql("truncate issuance.audience, issuance.audience_set, issuance.event");
    audiences = open(SETS);
  }

  private static void sql(String statement) {
    DATABASE.ownerClient().sql(statement).update();
  }

  private Audiences open(Set<String> keySets) {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Audiences(
        new Audiences.Storage(database, transactions, new RowMac(sealing), events),
        new Audiences.Surroundings(keySets, "access", personal::contains),
        clock);
  }

  private Outcome set(String audience, String keySet, @Nullable Long version) {
    return audiences.set(new Audience(audience, keySet), version, "test");
  }

  private void given(String audience, String keySet) {
    assertThat(set(audience, keySet, null)).isEqualTo(Outcome.DONE);
  }

  private String keySet(String audience) {
    return switch (audiences.find(audience)) {
      case AudienceMatch.Found(Audience found) -> found.keySet();
      case AudienceMatch.Unnamed() -> "default";
      case AudienceMatch.InDoubt() -> "in doubt";
    };
  }

  @Test
  void policy_holdsForItsAudienceAlone() {
    given(OLD, "legacy");

    assertThat(keySet(OLD)).isEqualTo("legacy");
    assertThat(keySet(NEW)).isEqualTo("default");
    assertThat(keySet(OLD + "/")).isEqualTo("default");
    assertThat(keySet("urn:ingam:internal")).isEqualTo("default");
  }

  @Test
  void policy_isFoundByTheNextProcess() {
    given(OLD, "legacy");
    audiences = open(SETS);

    assertThat(audiences.list())
        .containsExactly(new Audiences.Kept(new Audience(OLD, "legacy"), 1));
  }

  @Test
  void change_needsTheVersionThatWasRead() {
    given(OLD, "legacy");
    given(NEW, "legacy");
    assertThat(set(OLD, "access", null)).isEqualTo(Outcome.CHANGED_MEANWHILE);
    assertThat(set(OLD, "access", 2L)).isEqualTo(Outcome.CHANGED_MEANWHILE);
    assertThat(set("https://none.example", "access", 1L)).isEqualTo(Outcome.CHANGED_MEANWHILE);
    assertThat(keySet(OLD)).isEqualTo("legacy");

    assertThat(set(OLD, "access", 1L)).isEqualTo(Outcome.DONE);

    assertThat(keySet(OLD)).isEqualTo("access");
    assertThat(audiences.list()).extracting(Audiences.Kept::version).containsExactly(2L, 3L);
    assertThat(events.after(0, 10).getLast().body())
        .containsEntry("key_set", "access")
        .containsEntry("key_set_before", "legacy");
  }

  /// A version is never used twice: who read the deleted policy does not change the new one.
  @Test
  void deletedAndMadeAnew_hasAnotherVersion() {
    given(OLD, "legacy");
    assertThat(audiences.delete(OLD, "test")).isTrue();
    assertThat(keySet(OLD)).isEqualTo("default");
    assertThat(audiences.delete(OLD, "test")).isFalse();
    given(OLD, "access");

    assertThat(set(OLD, "legacy", 1L)).isEqualTo(Outcome.CHANGED_MEANWHILE);
    assertThat(events.after(0, 10))
        .extracting("type")
        .containsExactly("audience_set", "audience_deleted", "audience_set");
  }

  @Test
  void unknownKeySet_isRefused_andAlarmsWhenItWentAway() {
    assertThat(set(OLD, "statements", null)).isEqualTo(Outcome.NO_SUCH_KEY_SET);
    given(OLD, "legacy");
    assertThat(audiences.withoutKeySet()).isEmpty();

    audiences = open(Set.of("access"));

    assertThat(audiences.withoutKeySet()).containsOnlyKeys(new Audience(OLD, "legacy"));
    assertThat(keySet(OLD)).isEqualTo("legacy");
    assertThat(set(OLD, "legacy", 1L)).isEqualTo(Outcome.NO_SUCH_KEY_SET);
    assertThat(set(OLD, "access", 1L)).isEqualTo(Outcome.DONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"key_set = 'access'", "key_set = 'x y'", "name = 'x'", "version = 7", "mac = ''"})
  void rowChangedInTheDatabase_isInDoubt(String change) {
    given(NEW, "access");
    given(OLD, "legacy");
    sql("update issuance.audience set " + change + " where name = '" + OLD + "'");
    audiences.refresh();

    assertThat(keySet(OLD)).isEqualTo("in doubt");
    assertThat(keySet(NEW)).isEqualTo("access");
    assertThat(audiences.broken()).containsKey(OLD);
    audiences = open(SETS);
    assertThat(keySet(OLD)).isEqualTo("in doubt");
  }

  @Test
  void brokenRow_isDeletedBeforeItIsSet() {
    given(OLD, "legacy");
    sql("update issuance.audience set key_set = 'access'");
    audiences.refresh();

    assertThat(set(OLD, "legacy", null)).isEqualTo(Outcome.IN_DOUBT);
    assertThat(audiences.delete(OLD, "test")).isTrue();
    given(OLD, "legacy");
    assertThat(keySet(OLD)).isEqualTo("legacy");
    assertThat(audiences.broken()).isEmpty();
  }

  @Test
  void foreignRow_isNoPolicy() {
    given(OLD, "legacy");
    sql(
        "insert into issuance.audience select '"
            + NEW
            + "', key_set, version, mac from issuance.audience");
    audiences.refresh();

    assertThat(keySet(NEW)).isEqualTo("in doubt");
    assertThat(keySet(OLD)).isEqualTo("legacy");
  }

  /// Over a restart too.
  @Test
  void rowDeletedInTheDatabase_isMissed() {
    given(NEW, "access");
    given(OLD, "legacy");
    sql("delete from issuance.audience where name = '" + OLD + "'");
    audiences.refresh();
    assertThat(keySet(OLD)).isEqualTo("in doubt");

    audiences = open(SETS);
    assertThat(keySet(OLD)).isEqualTo("in doubt");
    assertThat(keySet(NEW)).isEqualTo("access");
    given(OLD, "legacy");
    assertThat(keySet(OLD)).isEqualTo("legacy");
  }

  /// A row of ours, once good, put back in place of its successor.
  @Test
  void olderRow_isNoPolicy() {
    given(OLD, "legacy");
    sql("create table issuance.kept as select * from issuance.audience");
    assertThat(set(OLD, "access", 1L)).isEqualTo(Outcome.DONE);
    sql("delete from issuance.audience");
    sql("insert into issuance.audience select * from issuance.kept");
    sql("drop table issuance.kept");
    audiences = open(SETS);

    assertThat(keySet(OLD)).isEqualTo("in doubt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from issuance.audience_set",
        "update issuance.audience_set set version = version + 1",
        "update issuance.audience_set set members = ''",
        "update issuance.audience_set set mac = 'x'"
      })
  void changedSet_putsEveryAudienceInDoubtUntilAllIsMadeAnew(String change) {
    given(NEW, "access");
    given(OLD, "legacy");
    sql(change);
    audiences.refresh();

    assertThat(List.of(keySet(OLD), keySet("other"))).containsOnly("in doubt");
    assertThat(audiences.setBrokenSince()).isPresent();
    assertThat(audiences.broken()).containsOnlyKeys(OLD, NEW);
    assertThat(set("more", "legacy", null)).isEqualTo(Outcome.IN_DOUBT);
    assertThat(audiences.delete(OLD, "test")).isTrue();
    assertThat(audiences.delete(NEW, "test")).isTrue();
    assertThat(keySet("other")).isEqualTo("in doubt");

    given(OLD, "legacy");
    assertThat(List.of(keySet(OLD), keySet("other"))).containsExactly("legacy", "default");
  }

  @Test
  void olderSetWithItsRows_isNotOurs() {
    given(NEW, "access");
    sql("create table issuance.kept as select * from issuance.audience_set");
    given(OLD, "legacy");
    sql("delete from issuance.audience_set");
    sql("insert into issuance.audience_set select * from issuance.kept");
    sql("drop table issuance.kept");
    sql("delete from issuance.audience where name = '" + OLD + "'");
    audiences.refresh();

    assertThat(keySet(OLD)).isEqualTo("in doubt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "a\nb", "é", "urn:ingam:internal"})
  void badAudience_isRefused(String name) {
    assertThatThrownBy(() -> new Audience(name, "legacy")).hasMessageStartingWith("expected");
    assertThatThrownBy(() -> new Audience(OLD, name)).hasMessageStartingWith("expected");
    assertThatThrownBy(() -> new Audience("a".repeat(201), "legacy"))
        .hasMessageStartingWith("expected");
  }
}
