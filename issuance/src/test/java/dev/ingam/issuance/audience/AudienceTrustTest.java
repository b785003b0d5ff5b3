package dev.ingam.issuance.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.audience.Audiences.Outcome;
import dev.ingam.issuance.route.DataClass;
import dev.ingam.issuance.route.Routes;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.TrustLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Trust levels as policies of audiences, beside real routes.
class AudienceTrustTest extends TrustedAudiences {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  AudienceTrustTest() {
    super(DATABASE);
  }

  @Test
  void lowered_isFoundByTheNextProcess_andEndsByItself() {
    assertThat(lower(TrustLevel.OBSERVE)).isEqualTo(Outcome.DONE);
    open();

    assertThat(policy().lowered())
        .isEqualTo(
            new Lowering(
                TrustLevel.OBSERVE,
                Instant.parse("2026-11-23T09:00:00Z"),
                Instant.parse("2026-12-07T09:00:00Z"),
                "first day"));
    assertThat(isLowered()).isTrue();
    clock.advance(Duration.ofDays(14).minusSeconds(1));
    assertThat(isLowered()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(isLowered()).isFalse();
    assertThat(events.after(0, 10).getLast().actor()).isEqualTo("kim");
    assertThat(events.after(0, 10).getLast().body())
        .containsEntry("trust", "observe")
        .containsEntry("trust_until", "2026-12-07T09:00:00Z")
        .containsEntry("why", "first day")
        .containsEntry("data_class", "internal");
  }

  /// A clock that was put back does not open a level before it was lowered.
  @Test
  void lowered_beginsWhenItWasLowered() {
    lower(TrustLevel.OFF);
    clock.advance(Duration.ofMinutes(-2));
    assertThat(isLowered()).isFalse();
  }

  @Test
  void raised_isRequired_andOtherChangesKeepTheLevel() {
    lower(TrustLevel.OFF);
    var lowered = policy().lowered();
    assertThat(set(change(DataClass.NONE, null, null))).isEqualTo(Outcome.DONE);
    assertThat(policy().lowered()).isEqualTo(lowered);

    assertThat(set(change(null, TrustLevel.REQUIRED, null))).isEqualTo(Outcome.DONE);
    assertThat(policy().lowered()).isNull();
    assertThat(policy().dataClass()).isEqualTo(DataClass.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-07T09:01:02Z", // a minute and more beyond 14 days
        "2026-11-23T09:00:00Z", // now
        "2026-11-22T09:00:00Z", // past
        "2999-01-01T00:00:00Z"
      })
  void endThatIsNone_isRefused(String until) {
    assertThatThrownBy(
            () -> audiences.plan(change(DataClass.NONE, TrustLevel.OBSERVE, Instant.parse(until))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected");
  }

  @Test
  void longestTime_toleratesAnothersClock() {
    var until = Instant.parse("2026-12-07T09:00:59Z");
    assertThat(set(change(DataClass.NONE, TrustLevel.OBSERVE, until))).isEqualTo(Outcome.DONE);
    assertThat(policy().lowered().until()).isEqualTo(Instant.parse("2026-12-07T09:00:00Z"));
  }

  @Test
  void lowering_needsAReason_andAClassThatIsNotPersonal() {
    for (var reason : new String[] {"", " ", "a\nb", "x".repeat(201)}) {
      var change = new AudienceChange(API, null, DataClass.NONE, TrustLevel.OBSERVE, null, reason);
      assertThatThrownBy(() -> audiences.plan(change)).hasMessageContaining("reason");
    }
    assertThatThrownBy(() -> audiences.plan(change(null, TrustLevel.OBSERVE, null)))
        .hasMessageContaining("data none or internal");
    assertThatThrownBy(() -> audiences.plan(change(DataClass.PERSONAL, TrustLevel.OFF, null)))
        .hasMessageContaining("data none or internal");
    assertThatThrownBy(() ->
            audiences.plan(
                new AudienceChange(
                    API, "access", null, null, Instant.parse("2026-11-24T00:00:00Z"), null)))
        .hasMessageContaining("until");
  }

  @ParameterizedTest
  @EnumSource(names = {"OBSERVE", "OFF"})
  void routeOfPersonalData_andLoweredLevel_excludeEachOther(TrustLevel level) {
    assertThat(routes.add(route(DataClass.PERSONAL), "kim")).isEqualTo(Routes.Added.ADDED);
    assertThat(audiences.check(audiences.plan(change(DataClass.NONE, level, null)).audience()))
        .isEqualTo(Outcome.PERSONAL_ROUTE);
    assertThat(lower(level)).isEqualTo(Outcome.PERSONAL_ROUTE);
    assertThat(policy().lowered()).isNull();
    routes.remove("r", "kim");
    assertThat(lower(level)).isEqualTo(Outcome.DONE);

    assertThat(routes.add(route(DataClass.PERSONAL), "kim"))
        .isEqualTo(Routes.Added.AUDIENCE_LOWERED);
    assertThat(routes.list()).isEmpty();
    assertThat(routes.add(route(DataClass.INTERNAL), "kim")).isEqualTo(Routes.Added.ADDED);
    clock.advance(Duration.ofDays(14));
    assertThat(routes.add(route("p", "/p", DataClass.PERSONAL), "kim"))
        .isEqualTo(Routes.Added.ADDED);
  }

  @Test
  void loweredAudience_doesNotBecomePersonal() {
    lower(TrustLevel.OBSERVE);
    assertThatThrownBy(() -> audiences.plan(change(DataClass.PERSONAL, null, null)))
        .hasMessageContaining("data none or internal");
    assertThat(set(change(DataClass.PERSONAL, TrustLevel.REQUIRED, null)))
        .isEqualTo(Outcome.LOWERED);
    assertThat(isLowered()).isTrue();

    clock.advance(Duration.ofDays(14));
    assertThat(set(change(DataClass.PERSONAL, null, null))).isEqualTo(Outcome.DONE);
    assertThat(policy().dataClass()).isEqualTo(DataClass.PERSONAL);
  }

  /// Nobody knows what a changed route said, so nothing is lowered.
  @Test
  void routesInDoubt_keepEveryLevel() {
    routes.add(route(DataClass.INTERNAL), "kim");
    sql("update issuance.route set audience = 'x'");
    assertThat(lower(TrustLevel.OBSERVE)).isEqualTo(Outcome.PERSONAL_ROUTE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trust = 'OFF'",
        "trust = 'REQUIRED'",
        "trust = 'x'",
        "trust_until = trust_until + 1",
        "trust_until = null",
        "trust_since = trust_since - 1",
        "trust_reason = 'other'",
        "data_class = 'PERSONAL'",
        "data_class = 'NONE'",
        "data_class = 'PERSONAL', trust = 'REQUIRED', trust_since = null, trust_until = null,"
            + " trust_reason = null"
      })
  void rowChangedInTheDatabase_isInDoubt(String change) {
    lower(TrustLevel.OBSERVE);
    sql("update issuance.audience set " + change);
    audiences.refresh();

    assertThat(audiences.find(API)).isInstanceOf(AudienceMatch.InDoubt.class);
    open();
    assertThat(audiences.find(API)).isInstanceOf(AudienceMatch.InDoubt.class);
  }

  /// An honest required row cannot be turned into a lowered one.
  @Test
  void requiredRowLoweredInTheDatabase_isInDoubt() {
    assertThat(set(change(DataClass.INTERNAL, null, null))).isEqualTo(Outcome.DONE);
    sql(
        "update issuance.audience set trust = 'OFF', trust_since = 1763888400, trust_until ="
            + " 1764888400, trust_reason = 'x'");
    audiences.refresh();
    assertThat(audiences.find(API)).isInstanceOf(AudienceMatch.InDoubt.class);
    assertThat(audiences.broken()).containsKey(API);
  }

  /// Rows that were written before there were trust levels.
  @Test
  void rowOfBefore_isSoundAndRequired() {
    var mac =
        HexFormat.of()
            .formatHex(new RowMac(sealing).of("issuance.audience", API, 1, List.of("access")));
    sql(
        "insert into issuance.audience (name, key_set, version, mac) values ('"
            + API
            + "', 'access', 1, '"
            + mac
            + "')");
    var setMac =
        HexFormat.of()
            .formatHex(
                new RowMac(sealing)
                    .of("issuance.audience_set", "set", 1, List.of(API + " " + mac + "\n")));
    sql(
        "insert into issuance.audience_set (version, members, mac) values (1, '"
            + API
            + " "
            + mac
            + "\n', '"
            + setMac
            + "')");
    open();
    assertThat(audiences.find(API)).isEqualTo(new AudienceMatch.Found(new Audience(API, "access")));
  }

  @Test
  void loweredAudiences_areBounded() {
    for (var i = 0; i < LedgerState.MAX_LOWERED; i++) {
      assertThat(
              set(
                  new AudienceChange(
                      "a" + i, null, DataClass.NONE, TrustLevel.OBSERVE, null, "why")))
          .isEqualTo(Outcome.DONE);
    }
    assertThat(lower(TrustLevel.OBSERVE)).isEqualTo(Outcome.TOO_MANY_LOWERED);
    assertThat(set(new AudienceChange("a0", null, null, TrustLevel.REQUIRED, null, null)))
        .isEqualTo(Outcome.DONE);
    assertThat(lower(TrustLevel.OBSERVE)).isEqualTo(Outcome.DONE);
  }
}
