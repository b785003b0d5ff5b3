package dev.ingam.keys;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every adapter of [SigningStores] does.
public abstract class SigningStoreContract {
  private static final byte[] INPUT = {1, 2, 3};

  /// The stores under test; the same ones again after a restart.
  protected abstract SigningStores stores();

  /// Stops and starts whatever holds the stores.
  protected abstract void restart();

  @ParameterizedTest
  @EnumSource
  void key_signsAndVerifies(Algorithm algorithm) {
    var store = stores().create("domain-1");
    var key = store.generate(algorithm);
    assertThat(key.handle()).isEqualTo(VerificationKey.thumbprint(key.publicKey()));
    try (var signer = store.open(key.handle())) {
      var signature = signer.sign(INPUT);
      assertThat(signature).hasSize(algorithm.isRsa() ? 384 : 64);
      assertThat(verifies(key, signature)).isTrue();
    }
  }

  /// 3072 bits and e = 65537; the store's kid survives a restart, and so does the algorithm.
  @ParameterizedTest
  @EnumSource(names = {"RS256", "PS256"})
  void rsaKey_isOfTheDocumentedSize(Algorithm algorithm) {
    var key = stores().create("domain-1").generate(algorithm);
    assertThat(key.publicKey())
        .isInstanceOfSatisfying(
            RSAPublicKey.class,
            rsa -> {
              assertThat(rsa.getModulus().bitLength()).isEqualTo(3072);
              assertThat(rsa.getPublicExponent()).isEqualTo(65537);
            });
    restart();
    try (var signer = stores().open("domain-1").open(key.handle())) {
      for (int i = 0; i < 3; i++) {
        assertThat(verifies(key, signer.sign(INPUT))).isTrue();
      }
    }
    stores().open("domain-1").destroy(key.handle());
    assertThat(stores().open("domain-1").handles()).isEmpty();
  }

  @Test
  void key_isPendingUntilItIsKept() {
    var store = stores().create("domain-1");
    var kept = store.generate(Algorithm.ES256).handle();
    var other = store.generate(Algorithm.ES256).handle();
    assertThat(store.pending()).containsExactlyInAnyOrder(kept, other);
    store.keep(kept);
    store.keep(kept);
    store.keep("no such key");
    restart();
    assertThat(stores().open("domain-1").pending()).containsExactly(other);
    assertThat(stores().open("domain-1").handles()).containsExactlyInAnyOrder(kept, other);
  }

  @Test
  void key_survivesARestart() {
    var key = stores().create("domain-1").generate(Algorithm.ES256);
    restart();
    assertThat(stores().domains()).containsExactly("domain-1");
    try (var signer = stores().open("domain-1").open(key.handle())) {
      assertThat(verifies(key, signer.sign(INPUT))).isTrue();
    }
  }

  @Test
  void destroy_closesSignersAndIsDurable() {
    var store = stores().create("domain-1");
    var kept = store.generate(Algorithm.ES256);
    var gone = store.generate(Algorithm.ES256);
    var signer = store.open(gone.handle());
    store.destroy(gone.handle());
    store.destroy(gone.handle());
    store.destroy("never");
    refused(Code.KEY_GONE, () -> signer.sign(INPUT));
    refused(Code.KEY_GONE, () -> store.open(gone.handle()));
    restart();
    assertThat(stores().open("domain-1").handles()).containsExactly(kept.handle());
  }

  @Test
  void signer_closed() {
    var store = stores().create("domain-1");
    var key = store.generate(Algorithm.ES256);
    var one = store.open(key.handle());
    try (var other = store.open(key.handle())) {
      assertThat(one.isOpen()).isTrue();
      one.close();
      one.close();
      assertThat(one.isOpen()).isFalse();
      refused(Code.KEY_GONE, () -> one.sign(INPUT));
      assertThat(other.sign(INPUT)).hasSize(64);
    }
  }

  @Test
  void signer_ofManyThreads() throws Exception {
    var store = stores().create("domain-1");
    var key = store.generate(Algorithm.ES256);
    try (var signer = store.open(key.handle());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<byte[]> call = () -> signer.sign(INPUT);
      var running = new ArrayList<Future<byte[]>>();
      for (int i = 0; i < 500; i++) {
        running.add(threads.submit(call));
      }
      for (var one : running) {
        assertThat(verifies(key, one.get())).isTrue();
      }
    }
  }

  @Test
  void create_again_keepsTheKeys() {
    var key = stores().create("domain-1").generate(Algorithm.ES256);
    assertThat(stores().create("domain-1").handles()).containsExactly(key.handle());
  }

  @Test
  void discard_isIdempotentAndDurable() {
    var store = stores().create("domain-1");
    var signer = store.open(store.generate(Algorithm.ES256).handle());
    stores().discard("domain-1");
    stores().discard("domain-1");
    refused(Code.KEY_GONE, () -> signer.sign(INPUT));
    restart();
    assertThat(stores().domains()).isEmpty();
    refused(Code.STORE_DAMAGED, () -> stores().open("domain-1"));
  }

  private static boolean verifies(SigningStore.StoredKey key, byte[] signature) {
    var published =
        VerificationKey.ours(
            key.algorithm(), key.publicKey(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    return new SignatureCheck(null).verify(published, INPUT, signature);
  }
}
