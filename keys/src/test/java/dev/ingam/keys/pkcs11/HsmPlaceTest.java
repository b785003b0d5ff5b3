package dev.ingam.keys.pkcs11;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeyOrigin.CountedBy;
import dev.ingam.keys.KeysException.Code;
import dev.ingam.keys.SigningStoreContract;
import dev.ingam.keys.SigningStores;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.testkit.SoftHsm;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.VerificationKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HsmPlaceTest extends SigningStoreContract {
  private static final long CKA_KEY_TYPE = 0x100;
  private static final long CKK_EC = 3;

  @TempDir Path folder;
  private SoftHsm hsm;
  private HsmHouse house;

  @BeforeEach
  void make() throws IOException {
    hsm = SoftHsm.in(folder.resolve("hsm")).token("one").token("two").here();
    open();
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Override
  protected SigningStores stores() {
    return house.stores;
  }

  @Override
  protected void restart() {
    close();
    open();
  }

  @Test
  void domains_fillThePlacesInOrder() {
    stores().create("domain-1");
    stores().create("domain-2");
    assertThat(house.places.get(0).domains()).containsExactly("domain-1");
    assertThat(house.places.get(1).domains()).containsExactly("domain-2");
    refused(Code.NO_ROOM, () -> stores().create("domain-3"));
    restart();
    assertThat(stores().domains()).containsExactly("domain-1", "domain-2");
  }

  /// What its birth certificate says of it.
  @Test
  void origin_isTheDeviceAsItNamesItself() {
    var key = stores().create("domain-1").generate(Algorithm.ES256);
    assertThat(key.origin().store()).isEqualTo("pkcs11");
    assertThat(key.origin().device())
        .matches("SoftHSM project, SoftHSM v2, serial [0-9a-f]{16}, token one");
    assertThat(key.origin().extractable()).isFalse();
    assertThat(key.origin().countedBy()).isEqualTo(CountedBy.PROCESS);
    assertThat(stores().open("domain-1").counted(key.handle())).isEmpty();
  }

  @Test
  void condemnedPartition_bearsNoKeyAgain() {
    stores().create("domain-1").generate(Algorithm.ES256);
    stores().discard("domain-1");
    restart();
    assertThat(objects("ingam domain-1 ES256")).isZero();
    stores().create("domain-2");
    assertThat(house.places.get(1).domains()).containsExactly("domain-2");
    refused(Code.NO_ROOM, () -> stores().create("domain-3"));
  }

  /// It is not condemned, and can bear the next one.
  @Test
  void abandonedPartition_isFreeAgain() {
    stores().create("domain-1").generate(Algorithm.ES256);
    stores().abandon("domain-1");
    assertThat(objects("ingam domain-1 ES256")).isZero();
    assertThat(stores().domains()).isEmpty();
    restart();
    stores().create("domain-2");
    assertThat(house.places.get(0).domains()).containsExactly("domain-2");
  }

  /// Both saw it empty when they started.
  @Test
  void emptyPartition_takenByAnotherMeanwhile_isRefused() {
    stores().create("domain-1");
    assertThat(house.places.get(1).domains()).isEmpty();
    try (var other = new HsmHouse(folder, "other", HsmHouse.partitions(hsm, "two"))) {
      other.stores.create("domain-1").generate(Algorithm.ES256);
      refused(Code.FOREIGN_STORE, () -> stores().create("domain-2"));
      refused(Code.FOREIGN_STORE, () -> house.places.get(1).create("domain-2"));
    }
  }

  /// Its session without a PIN can destroy what is public; a kept key is not thrown after it.
  @Test
  void keptKey_withoutItsPublicHalf_staysAndIsTold() {
    var store = stores().create("domain-1");
    store.keep(store.generate(Algorithm.ES256).handle());
    partition()
        .call((session, _) -> {
          HsmObjects.byId(session, Ck.CKO_PUBLIC_KEY, "ingam domain-1 ES256")
              .values()
              .forEach(session::destroy);
          return session;
        });
    restart();
    refused(Code.STORE_DAMAGED, () -> stores().open("domain-1"));
    assertThat(objects("ingam domain-1 ES256")).isEqualTo(1);
  }

  /// It is emptied of what we do not know, and of what we would refuse.
  @Test
  void condemnedPartition_isEmptiedWhateverIsInIt() throws GeneralSecurityException {
    stores().create("domain-1").generate(Algorithm.ES256);
    smuggle("ingam domain-1 ES256");
    restart();
    refused(Code.KEY_EXPOSED, () -> stores().open("domain-1"));
    stores().discard("domain-1");
    assertThat(objects("ingam domain-1 ES256")).isZero();
    assertThat(stores().domains()).isEmpty();
  }

  /// To end it for one would end it under the feet of the other.
  @Test
  void library_underTwoNames_isOne() throws IOException {
    var link = Files.createSymbolicLink(folder.resolve("link.so"), SoftHsm.library());
    assertThat(house.libraries.at(link)).isSameAs(house.libraries.at(SoftHsm.library()));
  }

  /// A token that is missing is looked for; that takes nothing from the one that is there.
  @Test
  void missingToken_doesNotRestartTheLibraryOfOthers() {
    house.close();
    house = new HsmHouse(folder, "ours", HsmHouse.partitions(hsm, "one", "three"));
    var store = house.places.get(0).create("domain-1");
    var key = store.generate(Algorithm.ES256);
    var library = house.libraries.at(SoftHsm.library());
    long generation = library.call(each -> each);
    try (var signer = store.open(key.handle())) {
      for (int i = 0; i < 3; i++) {
        refused(Code.STORE_UNAVAILABLE, () -> house.places.get(1).hasRoom());
        house.nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
        assertThat(signer.sign(new byte[] {1})).hasSize(64);
      }
    }
    long after = library.call(each -> each);
    assertThat(after).isEqualTo(generation);
  }

  /// One key that the device cannot use must not log the whole partition in anew at each request,
  /// whatever the other keys do meanwhile.
  @Test
  void callThatFailsWhateverIsDone_connectsAnewOnceAPause() {
    var nanos = new AtomicLong();
    var partition =
        new Partition(
            HsmHouse.partitions(hsm, "one")[0],
            house.libraries.at(SoftHsm.library()),
            new PosixFiles(),
            nanos::get,
            _ -> {});
    assertThat(connection(partition)).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> partition.call(HsmPlaceTest::functionFailed))
          .hasMessageContaining("CKR_FUNCTION_FAILED");
      assertThat(connection(partition)).isEqualTo(2);
    }
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
    refused(Code.STORE_UNAVAILABLE, () -> partition.call(HsmPlaceTest::functionFailed));
    assertThat(partition.trouble()).contains("CKR_FUNCTION_FAILED");
    assertThat(connection(partition)).isEqualTo(3);
    assertThat(partition.trouble()).isNull();
  }

  private static Object functionFailed(Session session, long connection) {
    throw new RejectedException("C_Sign", 0x06);
  }

  private static long connection(Partition partition) {
    return partition.call((_, number) -> number);
  }

  @Test
  void library_thatWasClosed_saysSo() {
    var library = house.libraries.at(SoftHsm.library());
    house.libraries.close();
    refused(Code.STORE_UNAVAILABLE, () -> library.call(each -> each));
  }

  @Test
  void pinFile_empty() throws IOException {
    Files.writeString(hsm.pinFile(), "\n");
    refused(Code.PIN_REFUSED, () -> stores().domains());
  }

  /// Generated in the token, with one attribute that is not as it should be.
  @ParameterizedTest
  @ValueSource(longs = {Ck.CKA_SENSITIVE, Ck.CKA_EXTRACTABLE, Ck.CKA_MODIFIABLE})
  void keyThatIsLessCaptive_isRefused(long attribute) {
    stores().create("domain-1");
    var scheme = new Scheme(Algorithm.ES256);
    var label = "ingam domain-1 ES256";
    var id = new byte[] {9};
    partition()
        .call((session, _) -> {
          try (var arena = Arena.ofConfined()) {
            var lax =
                new Template(arena)
                    .with(Ck.CKA_TOKEN, true)
                    .with(Ck.CKA_PRIVATE, true)
                    .with(Ck.CKA_SENSITIVE, attribute != Ck.CKA_SENSITIVE)
                    .with(Ck.CKA_EXTRACTABLE, attribute == Ck.CKA_EXTRACTABLE)
                    .with(Ck.CKA_MODIFIABLE, attribute == Ck.CKA_MODIFIABLE)
                    .with(Ck.CKA_SIGN, true)
                    .with(Ck.CKA_LABEL, label)
                    .with(Ck.CKA_ID, id);
            session.generate(
                scheme.generation(arena), HsmObjects.publicKey(arena, scheme, label, id), lax);
          }
          return label;
        });
    restart();
    refused(Code.KEY_EXPOSED, () -> stores().open("domain-1"));
  }

  /// What the secret is called differs; that it is told to nobody does not.
  @ParameterizedTest
  @EnumSource
  void privateKey_isToldToNobody(Algorithm algorithm) {
    var store = stores().create("domain-1");
    store.generate(algorithm);
    long secret = algorithm.isRsa() ? Ck.CKA_PRIVATE_EXPONENT : Ck.CKA_VALUE;
    assertThatThrownBy(() -> onPrivateKey(algorithm, (session, key) -> session.read(key, secret)))
        .cause()
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.value()).isEqualTo(Ck.CKR_ATTRIBUTE_SENSITIVE));
  }

  /// As the token says it, attribute by attribute.
  @ParameterizedTest
  @EnumSource
  void privateKey_isCaptive(Algorithm algorithm) {
    stores().create("domain-1").generate(algorithm);
    var set =
        onPrivateKey(
            algorithm,
            (session, key) ->
                new boolean[] {
                  session.isSet(key, Ck.CKA_SENSITIVE),
                  session.isSet(key, Ck.CKA_NEVER_EXTRACTABLE),
                  session.isSet(key, Ck.CKA_EXTRACTABLE),
                  session.isSet(key, Ck.CKA_MODIFIABLE),
                  session.isSet(key, Ck.CKA_DERIVE),
                });
    assertThat(set).containsExactly(true, true, false, false, false);
  }

  /// Somebody put a key of his own, which he can read, where ours are.
  @Test
  void keyThatCouldBeRead_isRefused() throws GeneralSecurityException {
    stores().create("domain-1");
    smuggle("ingam domain-1 ES256");
    restart();
    refused(Code.KEY_EXPOSED, () -> stores().open("domain-1"));
  }

  @Test
  void partitionOfAnotherInstallation_isRefused() {
    stores().create("domain-1").generate(Algorithm.ES256);
    house.close();
    house = new HsmHouse(folder, "other", HsmHouse.partitions(hsm, "one", "two"));
    refused(Code.FOREIGN_STORE, () -> stores().domains());
    refused(Code.FOREIGN_STORE, () -> stores().create("domain-1"));
    house.close();
    open();
    assertThat(stores().open("domain-1").handles()).hasSize(1);
  }

  @Test
  void halfOfAKey_isClearedAway() {
    var store = stores().create("domain-1");
    store.generate(Algorithm.ES256);
    var whole = store.generate(Algorithm.ES256).handle();
    partition()
        .call((session, _) -> {
          var publics = HsmObjects.byId(session, Ck.CKO_PUBLIC_KEY, "ingam domain-1 ES256");
          for (long half : publics.values()) {
            var scheme = new Scheme(Algorithm.ES256);
            if (!VerificationKey.thumbprint(scheme.read(session, half)).equals(whole)) {
              session.destroy(half);
            }
          }
          return whole;
        });
    restart();
    assertThat(stores().open("domain-1").handles()).containsExactly(whole);
    assertThat(objects("ingam domain-1 ES256")).isEqualTo(2);
  }

  /// The life cycle then takes another key.
  @Test
  void key_destroyedByAnother_isKnownToBeGone() {
    var store = stores().create("domain-1");
    var key = store.generate(Algorithm.ES256);
    var signer = store.open(key.handle());
    assertThat(signer.isOpen()).isTrue();
    onPrivateKey(
        Algorithm.ES256,
        (session, object) -> {
          session.destroy(object);
          return object;
        });
    refused(Code.KEY_GONE, () -> signer.sign(new byte[] {1}));
    assertThat(signer.isOpen()).isFalse();
    assertThat(store.handles()).isEmpty();
    refused(Code.KEY_GONE, () -> store.open(key.handle()));
  }

  /// Private objects are invisible then, and no error says so: a key must not count as destroyed.
  @Test
  void session_withoutALogIn_doesNotSayThatThereIsNothing() {
    stores().create("domain-1").generate(Algorithm.ES256);
    close();
    try (var library = Library.open(SoftHsm.library())) {
      var slot = Slots.of(library.cryptoki(), HsmHouse.partitions(hsm, "one")[0]);
      var session = Session.open(library.cryptoki(), slot, 1);
      assertThatThrownBy(() -> HsmObjects.byId(session, Ck.CKO_PRIVATE_KEY, "ingam domain-1 ES256"))
          .isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.isLost()).isTrue())
          .hasMessage("it forgot our log-in");
    }
    open();
  }

  @Test
  void twoKeysOfOneId_areRefused() throws GeneralSecurityException {
    stores().create("domain-1");
    smuggle("ingam domain-1 ES256");
    smuggle("ingam domain-1 ES256");
    restart();
    refused(Code.STORE_DAMAGED, () -> stores().open("domain-1"));
  }

  /// Three wrong PINs would lock many a token for good.
  @Test
  void pin_refused_isTriedOnce() throws IOException {
    stores().create("domain-1");
    house.close();
    Files.writeString(hsm.pinFile(), "a wrong one\n");
    open();
    refused(Code.PIN_REFUSED, () -> stores().domains());
    for (int i = 0; i < 5; i++) {
      house.nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
      assertThatThrownBy(() -> stores().domains())
          .hasMessageContaining("it is not tried again until the file holds another")
          .hasMessageNotContaining("a wrong one")
          .hasNoCause();
    }
    Files.writeString(hsm.pinFile(), SoftHsm.PIN + "\n");
    house.nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
    assertThat(stores().domains()).containsExactly("domain-1");
  }

  @Test
  void pinFile_othersMayRead() throws IOException {
    Files.setPosixFilePermissions(hsm.pinFile(), PosixFilePermissions.fromString("rw-r--r--"));
    refused(Code.SECRETS_EXPOSED, () -> stores().domains());
  }

  @Test
  void token_missing() {
    house.close();
    house = new HsmHouse(folder, "ours", HsmHouse.partitions(hsm, "three"));
    assertThatThrownBy(() -> stores().domains()).hasMessageContaining("there are only [one, two]");
    refused(Code.STORE_UNAVAILABLE, () -> stores().create("domain-1"));
  }

  @Test
  void token_twoOfOneLabel() {
    house.close();
    hsm.token("one");
    open();
    refused(Code.CONFIGURATION, () -> stores().domains());
  }

  @Test
  void library_thatIsNone() throws IOException {
    house.close();
    var library = Files.writeString(folder.resolve("library.so"), "no library");
    refused(
        Code.CONFIGURATION,
        () -> new HsmHouse(folder, "ours", HsmHouse.partition(library, "one", hsm.pinFile())));
    open();
  }

  @Test
  void signer_ofLongInput() {
    var store = stores().create("domain-1");
    var key = store.generate(Algorithm.ED25519);
    try (var signer = store.open(key.handle())) {
      assertThat(signer.sign(new byte[8192])).hasSize(64);
    }
  }

  /// Our own way to token `one`, past the store.
  private Partition partition() {
    return new Partition(
        HsmHouse.partitions(hsm, "one")[0],
        Library.open(SoftHsm.library()),
        new PosixFiles(),
        System::nanoTime,
        _ -> {});
  }

  private <T> T onPrivateKey(Algorithm algorithm, BiFunction<Session, Long, T> action) {
    var label = "ingam domain-1 " + algorithm.jose();
    return partition()
        .call((session, _) -> {
          var keys = HsmObjects.byId(session, Ck.CKO_PRIVATE_KEY, label);
          assertThat(keys).hasSize(1);
          return action.apply(session, keys.values().iterator().next());
        });
  }

  private int objects(String label) {
    return partition()
        .call((session, _) -> {
          try (var arena = Arena.ofConfined()) {
            return session.find(new Template(arena).with(Ck.CKA_LABEL, label)).size();
          }
        });
  }

  private void smuggle(String label) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    var spki = pair.getPublic().getEncoded();
    var point = Arrays.copyOfRange(spki, spki.length - 65, spki.length);
    var scheme = new Scheme(Algorithm.ES256);
    partition()
        .call((session, _) -> {
          try (var arena = Arena.ofConfined()) {
            session.create(
                HsmObjects.publicKey(arena, scheme, label, new byte[] {7})
                    .with(Ck.CKA_CLASS, Ck.CKO_PUBLIC_KEY)
                    .with(CKA_KEY_TYPE, CKK_EC)
                    .with(Ck.CKA_EC_POINT, wrapped(point)));
            session.create(
                HsmObjects.privateKey(arena, scheme, label, new byte[] {7})
                    .with(Ck.CKA_CLASS, Ck.CKO_PRIVATE_KEY)
                    .with(CKA_KEY_TYPE, CKK_EC)
                    .with(Ck.CKA_EC_PARAMS, HexFormat.of().parseHex("06082a8648ce3d030107"))
                    .with(Ck.CKA_VALUE, new byte[32]));
          }
          return label;
        });
  }

  /// In a DER `OCTET STRING`.
  private static byte[] wrapped(byte[] point) {
    return ByteBuffer.allocate(point.length + 2)
        .put((byte) 4)
        .put((byte) point.length)
        .put(point)
        .array();
  }

  private void open() {
    house = new HsmHouse(folder, "ours", HsmHouse.partitions(hsm, "one", "two"));
  }
}
