package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

public class KeyLifecycleTest {
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
  void start_makesActiveWaitingAndReserve() {
    assertThat(house.in(KeyState.ACTIVE)).hasSize(1);
    assertThat(house.waiting().domain()).isEqualTo("domain-1");
    assertThat(house.reserve().domain()).isEqualTo("domain-2");
    assertThat(house.ring().publicSet().keys()).hasSize(3);
    assertThat(house.alarms()).isEmpty();
  }

  @Test
  void start_again_changesNothing() {
    var before = house.keys.list();
    var events = house.events();
    house.restart();
    assertThat(house.keys.list()).isEqualTo(before);
    assertThat(house.events()).isEqualTo(events);
  }

  @Test
  void sign_verifiesUnderThePublishedKey() {
    var input = "header.payload".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    var active = house.ring().active("access");
    var signature = house.ring().sign(active, input);
    var published = house.ring().publicSet().find(active.kid());
    assertThat(signature).hasSize(64);
    assertThat(new SignatureCheck(null).verify(published, input, signature)).isTrue();
  }

  @Test
  void sign_pastTheCryptoperiod() {
    var active = house.ring().active("access");
    house.clock.set(active.signsUntil());
    refused(Code.NOT_ACTIVE, () -> house.ring().sign(active, new byte[1]));
    refused(Code.NO_ACTIVE_KEY, () -> house.ring().active("access"));
  }

  @Test
  void sign_withAStretchedActiveKey() {
    var active = house.ring().active("access");
    var stretched =
        new ActiveKey(active.kid(), active.algorithm(), active.signsUntil().plusSeconds(9999));
    house.clock.set(active.signsUntil());
    refused(Code.NOT_ACTIVE, () -> house.ring().sign(stretched, new byte[1]));
  }

  @Test
  void sign_withAWaitingKey() {
    var waiting = house.waiting();
    var forged = new ActiveKey(waiting.kid(), waiting.algorithm(), Instant.MAX);
    refused(Code.NOT_ACTIVE, () -> house.ring().sign(forged, new byte[1]));
  }

  @Test
  void set_unknown() {
    refused(Code.NO_ACTIVE_KEY, () -> house.ring().active("nobody"));
    refused(Code.NO_SUCH_SET, () -> house.keys.rotate("nobody", true, "test"));
    refused(Code.NO_SUCH_KEY, () -> house.keys.activate("nobody", "test"));
    refused(Code.NO_SUCH_KEY, () -> house.keys.condemn("nobody", "proof", "test"));
    assertThat(house.ring().find("nobody")).isNull();
    assertThat(house.keys.show("nobody")).isNull();
  }

  @Test
  void rotation_overTwoWeeks() {
    var policy = KeySetConfig.access().policy();
    var firstSeen = new HashMap<String, Instant>();
    var firstActive = new HashMap<String, Instant>();
    var lastActive = new HashMap<String, Instant>();
    var end = house.clock.instant().plus(Duration.ofDays(15));
    while (house.clock.instant().isBefore(end)) {
      house.keys.runDue();
      var now = house.clock.instant();
      house.ring().publicSet().keys().forEach(key -> firstSeen.putIfAbsent(key.kid(), now));
      house.sign();
      firstActive.putIfAbsent(house.activeKid(), now);
      lastActive.put(house.activeKid(), now);
      assertThat(house.in(KeyState.ACTIVE)).hasSize(1);
      house.clock.advance(Duration.ofMinutes(30));
    }
    assertThat(firstActive).hasSizeBetween(15, 17);
    var first = Instant.parse(TestHouse.START);
    firstActive.forEach((kid, since) -> {
      assertThat(Duration.between(since, lastActive.get(kid))).isLessThan(policy.signFor());
      if (since.isAfter(first.plus(Duration.ofHours(25)))) {
        assertThat(Duration.between(firstSeen.get(kid), since))
            .isGreaterThanOrEqualTo(policy.publishAhead());
      }
    });
    house
        .keys
        .list()
        .forEach(key ->
            assertThat(key.privateHalf())
                .isEqualTo(key.state() == KeyState.ACTIVE || key.state() == KeyState.PREPARED));
    assertThat(house.in(KeyState.RETIRED)).hasSizeBetween(6, 8);
    assertThat(house.in(KeyState.DESTROYED)).isNotEmpty();
    assertThat(house.alarms()).isEmpty();
    assertThat(house.ring().authenticatedSet().keys()).hasSizeLessThan(64);
  }

  @Test
  void retiring_verifiesUntilTheLastTokenExpired() {
    var old = house.activeKid();
    house.keys.rotate("access", true, "test");
    var view = house.keys.show(old);
    assertThat(view.state()).isEqualTo(KeyState.RETIRING);
    assertThat(view.privateHalf()).isFalse();
    assertThat(view.verifiesUntil())
        .isEqualTo(house.clock.instant().plus(KeySetConfig.access().policy().verifyFor()));
    house.clock.set(view.verifiesUntil().minusMillis(1));
    house.keys.runDue();
    assertThat(house.ring().publicSet().find(old)).isNotNull();
    house.clock.set(view.verifiesUntil());
    house.keys.runDue();
    assertThat(house.ring().publicSet().find(old)).isNull();
    assertThat(house.ring().find(old).state()).isEqualTo(KeyState.RETIRED);
  }

  @Test
  void processOff_forAMonth() {
    var old = house.activeKid();
    house.kill();
    house.clock.advance(Duration.ofDays(30));
    house.start();
    assertThat(house.activeKid()).isNotEqualTo(old);
    assertThat(house.keys.show(old).state()).isEqualTo(KeyState.RETIRED);
    assertThat(house.alarms()).containsExactly("verifiers_must_refetch");
    assertThat(lastActivation()).contains("refetch=true", "none_signed_since=2026-11-24T00:00:00Z");
    house.sign();
  }

  @Test
  void processOff_forAMonth_tickOnly() {
    house.clock.advance(Duration.ofDays(30));
    refused(Code.NO_ACTIVE_KEY, () -> house.ring().active("access"));
    house.keys.runDue();
    house.sign();
    assertThat(house.alarms()).containsExactly("verifiers_must_refetch");
  }

  @Test
  void rotate_tooEarly() {
    house.clock.advance(Duration.ofHours(3));
    refused(Code.PUBLISHED_TOO_SHORT, () -> house.keys.rotate("access", false, "test"));
    refused(Code.PUBLISHED_TOO_SHORT, () -> house.keys.activate(house.waiting().kid(), "test"));
  }

  @Test
  void rotate_now_saysThatVerifiersMustRefetch() {
    var waiting = house.waiting().kid();
    assertThat(house.keys.rotate("access", true, "test").kid()).isEqualTo(waiting);
    assertThat(house.activeKid()).isEqualTo(waiting);
    assertThat(lastActivation()).contains("refetch=true");
    house.keys.runDue();
    assertThat(house.alarms()).containsExactly("verifiers_must_refetch");
  }

  @Test
  void activate_twice_isIdempotent() {
    house.keys.rotate("access", true, "test");
    var events = house.events();
    assertThat(house.keys.activate(house.activeKid(), "test").state()).isEqualTo(KeyState.ACTIVE);
    assertThat(house.events()).isEqualTo(events);
  }

  @Test
  void activate_reserve() {
    refused(Code.RESERVE_KEY, () -> house.keys.activate(house.reserve().kid(), "test"));
  }

  @Test
  void illegalMoves_areRefused() {
    var active = house.activeKid();
    refused(Code.ILLEGAL_MOVE, () -> house.keys.revoke(active, "why", "test"));
    house.keys.rotate("access", true, "test");
    refused(Code.ILLEGAL_MOVE, () -> house.keys.activate(active, "test"));
    house.keys.taint(active, "lost laptop", "test");
    house.keys.revoke(active, "lost laptop", "test");
    assertThat(house.keys.revoke(active, "again", "test").why()).isEqualTo("lost laptop");
    assertThat(house.keys.show(active).state()).isEqualTo(KeyState.REVOKED);
    assertThat(house.ring().publicSet().find(active)).isNull();
    assertThat(house.ring().authenticatedSet().find(active).state()).isEqualTo(KeyState.REVOKED);
    refused(Code.ILLEGAL_MOVE, () -> house.keys.activate(active, "test"));
  }

  @Test
  void prepare_endlessly() {
    refused(
        Code.ILLEGAL_MOVE,
        () -> {
          for (int i = 0; i < 100; i++) {
            house.keys.prepare("access", "test");
          }
        });
    assertThat(house.ring().publicSet().keys()).hasSizeLessThan(20);
  }

  @Test
  void taint_waitingKey_isReplaced() {
    var waiting = house.waiting().kid();
    house.keys.taint(waiting, "seen in a mail", "test");
    assertThat(house.keys.show(waiting).privateHalf()).isFalse();
    assertThat(house.waiting().kid()).isNotEqualTo(waiting);
    assertThat(house.ring().publicSet().find(waiting)).isNull();
  }

  @Test
  void taint_activeKey_condemnsItsDomain() {
    var active = house.activeKid();
    var reserve = house.reserve().kid();
    var view = house.keys.taint(active, "left with a laptop", "person");
    assertThat(view.state()).isEqualTo(KeyState.TAINTED);
    assertThat(view.why()).isEqualTo("left with a laptop");
    assertThat(house.activeKid()).isEqualTo(reserve);
    assertThat(house.keys.taint(active, "again", "person")).isEqualTo(view);
  }

  @Test
  void tainted_isRevokedWhenItsTokensHaveExpired() {
    var active = house.activeKid();
    house.keys.taint(active, "why", "test");
    house.clock.set(house.keys.show(active).verifiesUntil());
    house.keys.runDue();
    assertThat(house.keys.show(active).state()).isEqualTo(KeyState.REVOKED);
  }

  @Test
  void shorterPolicy_holdsForTheActiveKeyToo() {
    var before = house.ring().active("access");
    policy(new KeyPolicy(hours(6), hours(24), Duration.ofMinutes(15), Duration.ofMinutes(1)));
    house.restart();
    assertThat(house.ring().active("access").kid()).isEqualTo(before.kid());
    assertThat(house.ring().active("access").signsUntil())
        .isEqualTo(Instant.parse(TestHouse.START).plus(hours(6)));
    assertThat(house.count("key_set.configured")).isEqualTo(2);
  }

  @Test
  void longerPolicy_stretchesNoKey() {
    var before = house.ring().active("access");
    policy(new KeyPolicy(hours(240), hours(24), Duration.ofMinutes(15), Duration.ofMinutes(2)));
    house.restart();
    assertThat(house.ring().active("access")).isEqualTo(before);
  }

  @Test
  void purposeOfASet_cannotChange() {
    house.kill();
    house.sets =
        List.of(
            new KeySetConfig(
                "access",
                KeyPurpose.STATEMENT,
                Algorithm.ES256,
                KeyPolicy.standard(KeyPurpose.STATEMENT)));
    refused(Code.CONFIGURATION, house::start);
  }

  @Test
  void setNoLongerConfigured_signsNoMore() {
    var old = house.activeKid();
    house.kill();
    house.sets =
        List.of(
            new KeySetConfig(
                "other",
                KeyPurpose.ACCESS_TOKEN,
                Algorithm.ED25519,
                KeyPolicy.standard(KeyPurpose.ACCESS_TOKEN)));
    house.start();
    refused(Code.NO_ACTIVE_KEY, () -> house.ring().active("access"));
    assertThat(house.ring().find(old).state()).isEqualTo(KeyState.RETIRING);
    assertThat(house.ring().active("other").algorithm()).isEqualTo(Algorithm.ED25519);
  }

  /// Something broke off between a store and its row: the next domain takes the store up, and uses
  /// no further place.
  @Test
  void storeWithoutARow_isTakenUp() {
    house.stores.create("domain-3");
    house.keys.taint(house.activeKid(), "a reason", "root");
    assertThat(house.stores.domains()).containsExactlyInAnyOrder("domain-2", "domain-3");
    assertThat(house.reserve().domain()).isEqualTo("domain-3");
  }

  @Test
  void severalSets_ofBothAlgorithms() {
    house.kill();
    var statements =
        new KeySetConfig(
            "statements",
            KeyPurpose.STATEMENT,
            Algorithm.ED25519,
            KeyPolicy.standard(KeyPurpose.STATEMENT));
    house.sets = List.of(KeySetConfig.access(), statements);
    house.start();
    var active = house.ring().active("statements");
    var signature = house.ring().sign(active, new byte[] {7});
    var key = house.ring().find(active.kid());
    assertThat(new SignatureCheck(null).verify(key, new byte[] {7}, signature)).isTrue();
    assertThat(house.ring().publicSet().find(active.kid())).isNull();
    assertThat(house.ring().authenticatedSet().find(active.kid())).isNotNull();
    assertThat(house.ring().accessTokenKeys()).noneMatch(k -> k.kid().equals(active.kid()));
  }

  @Test
  void configuration_fiveYears_saysEverythingAtOnce() {
    house.kill();
    policy(new KeyPolicy(Duration.ofDays(5 * 365), Duration.ZERO, Duration.ofDays(1), hours(1)));
    assertThatThrownBy(house::start)
        .isInstanceOf(KeysException.class)
        .hasMessageContaining("sign-for is PT43800H; expected PT10M to PT336H")
        .hasMessageContaining("publish-ahead")
        .hasMessageContaining("max-token-lifetime")
        .hasMessageContaining("skew");
  }

  @Test
  void signatures_areCounted() {
    for (int i = 0; i < 5; i++) {
      house.sign();
    }
    house.keys.runDue();
    assertThat(house.keys.show(house.activeKid()).signatures()).isEqualTo(5);
    house.restart();
    house.sign();
    house.keys.runDue();
    assertThat(house.keys.show(house.activeKid()).signatures()).isEqualTo(6);
  }

  @Test
  void close_forgetsTheKeys() {
    var active = house.ring().active("access");
    house.keys.close();
    refused(Code.NOT_ACTIVE, () -> house.ring().sign(active, new byte[1]));
  }

  @Test
  void events_areGapFreeAndNameTheirKeys() {
    house.keys.rotate("access", true, "someone");
    var events =
        new dev.ingam.keys.row.EventTable(
                house.database.serverClient(), KeysSchema.NAME, house.clock)
            .after(0, 1000);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).seq()).isEqualTo(i + 1);
    }
    assertThat(events)
        .anySatisfy(event -> {
          assertThat(event.type()).isEqualTo("key.activated");
          assertThat(event.actor()).isEqualTo("someone");
          assertThat(event.body()).containsEntry("kid", house.activeKid());
        });
  }

  private String lastActivation() {
    return house
        .database
        .serverClient()
        .sql(
            "SELECT (SELECT string_agg(key || '=' || value, ',') FROM jsonb_each_text(body))"
                + " FROM keys.event WHERE type = 'key.activated' ORDER BY seq DESC LIMIT 1")
        .query(String.class)
        .single();
  }

  private void policy(KeyPolicy policy) {
    house.sets =
        List.of(new KeySetConfig("access", KeyPurpose.ACCESS_TOKEN, Algorithm.ES256, policy));
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }

  public static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(KeysException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
