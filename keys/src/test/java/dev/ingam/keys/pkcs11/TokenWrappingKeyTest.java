package dev.ingam.keys.pkcs11;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException.Code;
import dev.ingam.keys.Wrapping;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.file.FileStores;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.SoftHsm;
import dev.ingam.wire.Algorithm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenWrappingKeyTest {
  private static final byte[] SECRET =
      "a master key of thirty-two bytes".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = {1, 2, 3};

  @TempDir Path folder;
  private final SettableClock clock = SettableClock.at("2026-11-27T00:00:00Z");
  private SoftHsm hsm;
  private Libraries libraries;

  @BeforeEach
  void make() {
    hsm = SoftHsm.in(folder.resolve("hsm")).token("one").token("two").here();
    libraries = new Libraries();
  }

  @AfterEach
  void close() {
    libraries.close();
  }

  @Test
  void secret_isUnwrappedAfterARestart() {
    var wrapped = key("one", "ours").wrap(SECRET, CONTEXT);
    assertThat(wrapped).hasSize(12 + 32 + 16);
    assertThat(new String(wrapped, StandardCharsets.ISO_8859_1)).doesNotContain("master");
    restart();
    assertThat(key("one", "ours").unwrap(wrapped, CONTEXT)).isEqualTo(SECRET);
    assertThat(key("one", "ours").id()).matches("[0-9a-f]{16}");
  }

  @Test
  void secret_changedOrElsewhere_isRefused() {
    var key = key("one", "ours");
    var wrapped = key.wrap(SECRET, CONTEXT);
    isRefused(key, wrapped, new byte[] {1});
    isRefused(key, new byte[4], CONTEXT);
    wrapped[20] ^= 1;
    isRefused(key, wrapped, CONTEXT);
    wrapped[20] ^= 1;
    for (var other : new TokenWrappingKey[] {key("one", "theirs"), key("two", "ours")}) {
      assertThat(other.id()).isNotEqualTo(key.id());
      isRefused(other, wrapped, CONTEXT);
    }
    assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(SECRET);
  }

  /// Who asks for it where it is not makes none: a second one would hide that the first is gone.
  @Test
  void key_isMadeByWhoWraps_alone() {
    var key = key("two", "ours");
    assertThat(key.id()).isEmpty();
    isRefused(key, new byte[60], CONTEXT);
    assertThat(key.id()).isEmpty();
    key.wrap(SECRET, CONTEXT);
    assertThat(key.id()).matches("[0-9a-f]{16}");
  }

  @Test
  void key_isToldToNobody() {
    key("one", "ours").wrap(SECRET, CONTEXT);
    var partition =
        new Partition(
            HsmHouse.partitions(hsm, "one")[0],
            libraries.at(SoftHsm.library()),
            new PosixFiles(),
            System::nanoTime,
            _ -> {});
    assertThatThrownBy(() -> partition.call((session, _) -> secret(session)))
        .cause()
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.value()).isEqualTo(Ck.CKR_ATTRIBUTE_SENSITIVE));
  }

  /// Stores in files whose master keys lie under a key in a token: both folders alone open nothing.
  @Test
  void stores_lieUnderIt() throws IOException {
    try (var installation =
        Installation.open(folder.resolve("data"), folder.resolve("secrets"), clock)) {
      var key = key("one", installation.id());
      var wrapping = new Wrapping(key, null);
      var kid =
          stores(installation, wrapping).create("domain-1").generate(Algorithm.ES256).handle();
      assertThat(Files.readString(installation.secretsDir().resolve("domain-1.master")))
          .startsWith("ingam-wrapped-1 " + key.id() + " ");
      assertThat(stores(installation, wrapping).renewMasterKeys()).containsExactly("domain-1");
      stores(installation, wrapping).open("domain-1").open(kid).close();
      refused(Code.MASTER_KEY_WRONG, () -> stores(installation, Wrapping.NONE).open("domain-1"));
    }
  }

  private static byte[] secret(Session session) {
    try (var arena = Arena.ofConfined()) {
      var keys =
          session.find(
              new Template(arena)
                  .with(Ck.CKA_CLASS, Ck.CKO_SECRET_KEY)
                  .with(Ck.CKA_LABEL, "ingam wrapping ours"));
      return session.read(keys.getFirst(), Ck.CKA_VALUE);
    }
  }

  private static void isRefused(TokenWrappingKey key, byte[] wrapped, byte[] context) {
    assertThatThrownBy(() -> key.unwrap(wrapped, context))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private FileStores stores(Installation installation, Wrapping wrapping) {
    return FileStores.open(
        installation, new SecureRandom(), null, clock, new PosixFiles(), wrapping);
  }

  private void restart() {
    libraries.close();
    libraries = new Libraries();
  }

  private TokenWrappingKey key(String token, String installation) {
    return TokenWrappingKey.in(
        HsmHouse.partitions(hsm, token)[0],
        installation,
        libraries,
        new PosixFiles(),
        new SecureRandom(),
        System::nanoTime);
  }
}
