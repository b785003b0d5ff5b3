package dev.ingam.keys.pkcs11;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.keys.PlacedStores;
import dev.ingam.keys.SigningStore;
import dev.ingam.keys.SigningStore.StoredKey;
import dev.ingam.keys.file.FileStores;
import dev.ingam.testkit.RemoteHsm;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.SoftHsm;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An HSM in the network that goes away and comes back while we run.
class RemoteHsmTest {
  private static final byte[] INPUT = {1, 2, 3};

  @TempDir Path folder;
  private SoftHsm hsm;
  private RemoteHsm remote;
  private HsmHouse house;
  private SigningStore store;
  private StoredKey key;

  @BeforeEach
  void make() {
    hsm = SoftHsm.in(folder.resolve("hsm")).token("one");
    remote = new RemoteHsm(hsm, "one", folder.resolve("socket"));
    house =
        new HsmHouse(folder, "ours", HsmHouse.partition(RemoteHsm.library(), "one", hsm.pinFile()));
    store = house.stores.create("domain-1");
    key = store.generate(Algorithm.ES256);
    store.keep(key.handle());
  }

  @AfterEach
  void close() {
    remote.close();
    house.close();
  }

  /// The open signer is the same: nobody who signs notices more than the error in between.
  @Test
  void token_comesBack() {
    try (var signer = store.open(key.handle())) {
      assertThat(verifies(signer.sign(INPUT))).isTrue();
      remote.kill();
      refused(Code.STORE_UNAVAILABLE, () -> signer.sign(INPUT));
      assertThat(house.stores.troubles())
          .hasEntrySatisfying("domain-1", why -> assertThat(why).contains("expected token one"));
      remote.comeBack();
      house.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
      assertThat(verifies(signer.sign(INPUT))).isTrue();
      assertThat(house.stores.troubles()).isEmpty();
    }
  }

  /// One that was only restarted between two signatures is found again within one of them.
  @Test
  void token_restarted_isNotNoticed() {
    try (var signer = store.open(key.handle())) {
      signer.sign(INPUT);
      for (int i = 0; i < 3; i++) {
        remote.kill();
        remote.comeBack();
        assertThat(verifies(signer.sign(INPUT))).isTrue();
      }
    }
  }

  /// The life cycle must not take a token that is away for one without keys, and replace them.
  @Test
  void token_away_takesNoKeyAway() {
    remote.kill();
    assertThat(house.stores.domains()).containsExactly("domain-1");
    assertThat(house.stores.open("domain-1").handles()).containsExactly(key.handle());
    assertThat(store.pending()).isEmpty();
    refused(Code.STORE_UNAVAILABLE, () -> store.open(key.handle()));
    refused(Code.STORE_UNAVAILABLE, () -> store.generate(Algorithm.ES256));
    refused(Code.STORE_UNAVAILABLE, () -> store.destroy(key.handle()));
  }

  /// One that bears nothing yet and goes away: what is elsewhere opens all the same, or the reserve
  /// could not take over; and a new store waits for it instead of going to a lesser place.
  @Test
  void spareToken_away_standsInNobodysWay() {
    house.close();
    remote.kill();
    hsm.withoutTokens().token("one");
    remote.comeBack();
    house =
        new HsmHouse(folder, "ours", HsmHouse.partition(RemoteHsm.library(), "one", hsm.pinFile()));
    var clock = SettableClock.at("2026-11-27T00:00:00Z");
    var files = FileStores.open(house.installation, new SecureRandom(), null, clock);
    files.create("domain-7");
    var stores = new PlacedStores(List.of(house.places.getFirst(), files), List.of());
    assertThat(stores.domains()).containsExactly("domain-7");
    remote.kill();
    refused(Code.STORE_UNAVAILABLE, () -> stores.create("domain-8"));
    assertThat(stores.domains()).containsExactly("domain-7");
    var kid = stores.open("domain-7").generate(Algorithm.ES256).handle();
    stores.open("domain-7").open(kid).close();
    stores.discard("domain-7");
    remote.comeBack();
    house.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    stores.create("domain-8");
    assertThat(house.places.getFirst().domains()).containsExactly("domain-8");
  }

  /// Whoever signs meanwhile does not make the attempts more frequent.
  @Test
  void token_away_isTriedRarely() {
    try (var signer = store.open(key.handle())) {
      remote.kill();
      refused(Code.STORE_UNAVAILABLE, () -> signer.sign(INPUT));
      remote.comeBack();
      refused(Code.STORE_UNAVAILABLE, () -> signer.sign(INPUT));
      house.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
      refused(Code.STORE_UNAVAILABLE, () -> signer.sign(INPUT));
      house.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      assertThat(verifies(signer.sign(INPUT))).isTrue();
    }
  }

  /// Somebody put an empty token with the same label in its place.
  @Test
  void token_replaced_isRefused() {
    try (var signer = store.open(key.handle())) {
      remote.kill();
      hsm.withoutTokens().token("one");
      remote.comeBack();
      refused(Code.FOREIGN_STORE, () -> signer.sign(INPUT));
      refused(Code.FOREIGN_STORE, () -> store.generate(Algorithm.ES256));
    }
  }

  private boolean verifies(byte[] signature) {
    var published =
        VerificationKey.ours(
            key.algorithm(), key.publicKey(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    return new SignatureCheck(null).verify(published, INPUT, signature);
  }
}
