package dev.ingam.keys;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A set of RSA keys beside the one of P-256 keys: what holds for one holds for both.
class LegacySetTest {
  private static final byte[] INPUT = {1, 2, 3};

  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;
  private TestHouse house;

  @BeforeEach
  void start() {
    house = new TestHouse(folder, DATABASE);
    house.sets = withLegacy(Algorithm.RS256);
    house.start();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private static List<KeySetConfig> withLegacy(Algorithm algorithm) {
    var access = KeySetConfig.access();
    return List.of(access, KeySetConfig.legacy(algorithm, access.policy()));
  }

  private List<KeyView> in(KeyState state, String set) {
    return house.in(state).stream().filter(key -> key.set().equals(set)).toList();
  }

  private String reserve(String set) {
    return in(KeyState.PREPARED, set).stream()
        .filter(KeyView::reserve)
        .map(KeyView::kid)
        .findFirst()
        .orElseThrow();
  }

  private String active(String set) {
    return house.ring().active(set).kid();
  }

  private void assertSigns(String set, int bytes) {
    var active = house.ring().active(set);
    var signature = house.ring().sign(active, INPUT);
    var key = house.ring().find(active.kid());
    assertThat(signature).hasSize(bytes);
    assertThat(key.algorithm()).isEqualTo(active.algorithm());
    assertThat(new SignatureCheck(null).verify(key, INPUT, signature)).isTrue();
  }

  /// Published as others read it: both sets with active, waiting and reserve key.
  @Test
  void start_makesBothSets_andPublishesThem() {
    assertSigns("access", 64);
    assertSigns("legacy", 384);
    for (var set : List.of("access", "legacy")) {
      assertThat(in(KeyState.ACTIVE, set)).hasSize(1);
      assertThat(in(KeyState.PREPARED, set))
          .extracting(KeyView::domain)
          .containsExactlyInAnyOrder("domain-1", "domain-2");
    }
    for (var authenticated : List.of(true, false)) {
      var set = authenticated ? house.ring().authenticatedSet() : house.ring().publicSet();
      var read = (KeySetReading.Read) KeySet.read(set.toJson(authenticated));
      assertThat(read.keySet().keys())
          .hasSize(6)
          .filteredOn(key -> key.algorithm() == Algorithm.RS256)
          .hasSize(3);
    }
    assertThat(house.ring().accessTokenKeys()).hasSize(6);
    assertThat(house.alarms()).isEmpty();
  }

  @Test
  void restart_keepsBothSets() {
    var before = house.keys.list();
    house.restart();
    assertThat(house.keys.list()).isEqualTo(before);
    assertSigns("legacy", 384);
  }

  /// A proof on a key of either set: the domain is what was copied.
  @Test
  void condemn_byAKeyOfOneSet_replacesBoth() {
    var actives = List.of(active("access"), active("legacy"));
    var reserves = List.of(reserve("access"), reserve("legacy"));

    var condemnation = house.keys.condemn(active("legacy"), "proof", "judge");

    assertThat(condemnation.taintedKids()).hasSize(4).containsAll(actives);
    assertThat(condemnation.newActiveKids()).containsExactlyElementsOf(reserves);
    assertThat(condemnation.replacedAt()).isEqualTo(condemnation.taintedAt());
    assertThat(List.of(active("access"), active("legacy"))).isEqualTo(reserves);
    assertThat(house.count("domain.condemned")).isEqualTo(1);
    assertThat(house.in(KeyState.TAINTED)).noneMatch(KeyView::privateHalf);
    assertThat(house.folder.resolve("data/keys/domain-1.json")).doesNotExist();
    for (var kid : actives) {
      assertThat(house.ring().publicSet().find(kid)).isNull();
      assertThat(house.ring().authenticatedSet().find(kid).state()).isEqualTo(KeyState.TAINTED);
    }
    assertSigns("access", 64);
    assertSigns("legacy", 384);
    assertThat(in(KeyState.PREPARED, "legacy"))
        .extracting(KeyView::domain)
        .containsExactlyInAnyOrder("domain-2", "domain-3");
    // The same theft again, shown by a token of the other set.
    assertThat(house.keys.condemn(actives.getFirst(), "proof", "judge").first()).isFalse();
  }

  @Test
  void clock_replacesBothSets_eachByItsOwn() {
    var before = List.of(active("access"), active("legacy"));
    house.clock.advance(Duration.ofHours(23).plusMinutes(59));
    house.keys.runDue();
    assertThat(active("access")).isNotEqualTo(before.get(0));
    assertThat(active("legacy")).isNotEqualTo(before.get(1));
    assertSigns("legacy", 384);
    assertThat(in(KeyState.RETIRING, "legacy"))
        .singleElement()
        .satisfies(key -> assertThat(key.privateHalf()).isFalse());
    house.clock.set(house.ring().active("legacy").signsUntil());
    refused(Code.NO_ACTIVE_KEY, () -> house.ring().active("legacy"));
  }

  @Test
  void rotate_oneSet_leavesTheOther() {
    var forecast = new KeyForecast(house.keys, house.sets, house.clock);
    var access = active("access");
    var old = active("legacy");
    assertThat(String.join("\n", forecast.rotate("legacy", true))).contains(old);
    house.keys.rotate("legacy", true, "me");
    assertThat(active("legacy")).isNotEqualTo(old);
    assertThat(active("access")).isEqualTo(access);
    house.keys.runDue();
    assertThat(house.keys.alarms())
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.code()).isEqualTo("verifiers_must_refetch"));
    assertThat(String.join("\n", forecast.taint(house.keys.show(access))))
        .contains(reserve("access") + " of domain-2 signs for access")
        .contains(reserve("legacy") + " of domain-2 signs for legacy");
  }

  /// Keys that exist keep their algorithm; the next ones have the new one.
  @Test
  void otherAlgorithm_holdsForKeysMadeFromThenOn() {
    var active = active("legacy");
    house.kill();
    house.sets = withLegacy(Algorithm.PS256);
    house.start();
    assertThat(active("legacy")).isEqualTo(active);
    house.clock.advance(Duration.ofSeconds(1)); // the oldest that waits is the next
    var made = house.keys.prepare("legacy", "me");
    assertThat(made.algorithm()).isEqualTo(Algorithm.PS256);
    house.keys.rotate("legacy", true, "me");
    assertThat(house.ring().active("legacy").algorithm()).isEqualTo(Algorithm.RS256);
    house.keys.rotate("legacy", true, "me");
    assertThat(house.ring().active("legacy").algorithm()).isEqualTo(Algorithm.PS256);
    assertSigns("legacy", 384);
  }

  @Test
  void switchedOff_itSignsNoMore_andItsTokensLiveOut() {
    var old = active("legacy");
    house.kill();
    house.sets = List.of(KeySetConfig.access());
    house.start();
    refused(Code.NO_ACTIVE_KEY, () -> house.ring().active("legacy"));
    assertThat(house.ring().publicSet().find(old).state()).isEqualTo(KeyState.RETIRING);
    assertThat(house.in(KeyState.PREPARED)).noneMatch(key -> key.set().equals("legacy"));
    assertThat(house.keys.list())
        .filteredOn(key -> key.set().equals("legacy"))
        .noneMatch(KeyView::privateHalf);
    assertSigns("access", 64);
  }

  @Test
  void rsa_isForTokensOfOldVerifiersAlone() {
    var policy = KeySetConfig.access().policy();
    for (var algorithm : List.of(Algorithm.ES256, Algorithm.ED25519)) {
      assertThatThrownBy(() -> KeySetConfig.legacy(algorithm, policy))
          .hasMessageContaining("RS256 or PS256");
    }
    var statements =
        new KeySetConfig(
            "statements",
            KeyPurpose.STATEMENT,
            Algorithm.PS256,
            KeyPolicy.standard(KeyPurpose.STATEMENT));
    assertThat(KeySetConfig.problems(List.of(statements)))
        .singleElement()
        .asString()
        .contains("RSA is for tokens alone");
  }
}
