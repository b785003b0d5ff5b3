package dev.ingam.keys;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.file.FileStores;
import dev.ingam.keys.file.SecretWrappingKey;
import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Algorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where master keys lie, and how they are replaced.
class MasterKeysTest {
  private static final byte[] DATA = {1, 2, 3};

  @TempDir Path folder;
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = SettableClock.at("2026-11-27T00:00:00Z");
  private Installation installation;

  @BeforeEach
  void open() {
    installation = Installation.open(folder.resolve("data"), folder.resolve("secrets"), clock);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void rotate_oldMasterKeysOpenNothing() throws IOException {
    var stores = stores(null);
    var mac = stores.sealingKeys().mac("context", DATA);
    var store = stores.create("domain-1");
    var kept = store.generate(Algorithm.ES256).handle();
    store.keep(kept);
    var pending = store.generate(Algorithm.RS256).handle();
    var old = copies();
    try (var signer = store.open(kept)) {
      assertThat(stores.renewMasterKeys()).containsExactly("domain-1", "sealing");
      assertThat(signer.sign(DATA)).hasSize(64);
    }
    var again = stores(null);
    assertThat(again.sealingKeys().mac("context", DATA)).isEqualTo(mac);
    assertThat(again.open("domain-1").handles()).containsExactlyInAnyOrder(kept, pending);
    assertThat(again.open("domain-1").pending()).containsExactly(pending);
    again.open("domain-1").open(kept).close();
    for (var domain : new String[] {"domain-1", "sealing"}) {
      Files.writeString(master(domain), domain.equals("sealing") ? old[1] : old[0]);
    }
    refused(Code.MASTER_KEY_WRONG, () -> stores(null).sealingKeys());
    refused(Code.MASTER_KEY_WRONG, () -> stores(null).open("domain-1"));
  }

  /// The store that was open goes on with the new key, and what it makes then is found again.
  @Test
  void rotate_storeGoesOn() {
    var stores = stores(null);
    var store = stores.create("domain-1");
    stores.renewMasterKeys();
    var key = store.generate(Algorithm.ED25519).handle();
    stores(null).open("domain-1").open(key).close();
  }

  /// Each write and each removal in its turn is the last: it is not made, or made and not heard of.
  /// The same process tries again, or another one starts.
  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void rotate_brokenOffAnywhere_losesNothing(boolean after, boolean restarted) {
    var first = stores(null);
    var mac = first.sealingKeys().mac("context", DATA);
    var kid = first.create("domain-1").generate(Algorithm.ES256).handle();
    int breaks = 0;
    for (var disk = new BrokenDisk(1, after); ; disk = new BrokenDisk(breaks + 1, after)) {
      var stores = FileStores.open(installation, random, null, clock, disk, Wrapping.NONE);
      stores.open("domain-1");
      disk.arm();
      try {
        stores.renewMasterKeys();
        break;
      } catch (KeysException e) {
        assertThat(e.code()).isEqualTo(Code.STORE_UNAVAILABLE);
        breaks++;
      }
      disk.mend();
      var next = restarted ? stores(null) : stores;
      var more = next.open("domain-1").generate(Algorithm.ES256).handle();
      assertThat(next.renewMasterKeys()).hasSize(2);
      var last = stores(null);
      assertThat(last.sealingKeys().mac("context", DATA)).isEqualTo(mac);
      last.open("domain-1").open(kid).close();
      last.open("domain-1").open(more).close();
      assertThat(installation.secretsDir()).isDirectoryNotContaining("glob:**.next");
    }
    assertThat(breaks).isGreaterThan(5);
  }

  /// A store that was damaged meanwhile may be restored: the key that opens it must be there then.
  @Test
  void rotate_brokenOff_neitherOpensTheStore_bothAreKept() throws IOException {
    var kid = stores(null).create("domain-1").generate(Algorithm.ES256).handle();
    var next = installation.secretsDir().resolve("domain-1.master.next");
    var right = Files.readString(master("domain-1"));
    new PosixFiles().write(next, right.getBytes(StandardCharsets.US_ASCII));
    new PosixFiles()
        .write(master("domain-1"), ("A".repeat(43) + "\n").getBytes(StandardCharsets.US_ASCII));
    var store = folder.resolve("data/keys/domain-1.json");
    var whole = Files.readString(store);
    Files.writeString(store, whole.replaceFirst("\"nonce\":\"[^\"]{4}", "\"nonce\":\"AAAA"));
    refused(Code.MASTER_KEY_WRONG, () -> stores(null).open("domain-1"));
    assertThat(next).hasContent(right.strip());
    Files.writeString(store, whole);
    stores(null).open("domain-1").open(kid).close();
    assertThat(next).doesNotExist();
  }

  @Test
  void masterKey_withMoreOnItsLine_isRefused() throws IOException {
    stores(null).create("domain-1");
    Files.writeString(master("domain-1"), Files.readString(master("domain-1")).strip() + " more\n");
    refused(Code.MASTER_KEY_WRONG, () -> stores(null).open("domain-1"));
  }

  @Test
  void wrapped_nothingLiesInClear() throws IOException {
    var wrapping = wrapping(7);
    var stores = stores(wrapping);
    stores.sealingKeys();
    var kid = stores.create("domain-1").generate(Algorithm.ES256).handle();
    for (var domain : new String[] {"domain-1", "sealing"}) {
      assertThat(Files.readString(master(domain)))
          .startsWith("ingam-wrapped-1 " + wrapping.id() + " ")
          .hasLineCount(1);
    }
    stores(wrapping(7)).open("domain-1").open(kid).close();
    stores(wrapping(7)).renewMasterKeys();
    stores(wrapping(7)).open("domain-1").open(kid).close();
  }

  @Test
  void wrapped_bareKeysAreWrappedAtTheNextStart() throws IOException {
    stores(null).sealingKeys();
    var kid = stores(null).create("domain-1").generate(Algorithm.ES256).handle();
    var stores = stores(wrapping(7));
    stores.sealingKeys();
    stores.open("domain-1").open(kid).close();
    assertThat(Files.readString(master("domain-1"))).startsWith("ingam-wrapped-1 ");
    assertThat(Files.readString(master("sealing"))).startsWith("ingam-wrapped-1 ");
  }

  /// From one wrapping key to the next, and back to none.
  @Test
  void wrapped_keyOfBefore_isLeft() throws IOException {
    var kid = stores(wrapping(7)).create("domain-1").generate(Algorithm.ES256).handle();
    stores(wrapping(8), wrapping(7)).open("domain-1");
    stores(wrapping(8)).open("domain-1").open(kid).close();
    refused(Code.MASTER_KEY_WRONG, () -> stores(wrapping(7)).open("domain-1"));
    stores(null, wrapping(8)).open("domain-1");
    stores(null).open("domain-1").open(kid).close();
    assertThat(Files.readString(master("domain-1"))).doesNotContain(" ");
  }

  @Test
  void wrapped_underAnotherKeyOrNone_saysWhich() {
    stores(wrapping(7)).create("domain-1");
    assertThatThrownBy(() -> stores(wrapping(8)).open("domain-1"))
        .hasMessageContaining("under wrapping key " + wrapping(7).id())
        .hasMessageContaining("configured (ingam.keys.wrapping) is Wrapping[")
        .hasMessageContaining(wrapping(8).id());
    assertThatThrownBy(() -> stores(null).open("domain-1"))
        .hasMessageContaining("is Wrapping[none]");
    refused(Code.MASTER_KEY_WRONG, () -> stores(null).open("domain-1"));
  }

  /// A wrapped master key of one store is none of another.
  @Test
  void wrapped_cannotStandForAnother() throws IOException {
    var stores = stores(wrapping(7));
    stores.create("domain-1");
    stores.create("domain-2");
    Files.writeString(master("domain-2"), Files.readString(master("domain-1")));
    refused(Code.MASTER_KEY_WRONG, () -> stores(wrapping(7)).open("domain-2"));
  }

  private FileStores stores(@Nullable WrappingKey wrapping) {
    return stores(wrapping, null);
  }

  private FileStores stores(@Nullable WrappingKey now, @Nullable WrappingKey before) {
    return FileStores.open(
        installation, random, null, clock, new PosixFiles(), new Wrapping(now, before));
  }

  private WrappingKey wrapping(int fill) {
    var key = new byte[SecretWrappingKey.BYTES];
    key[0] = (byte) fill;
    return new SecretWrappingKey(key, random);
  }

  private Path master(String domain) {
    return installation.secretsDir().resolve(domain + ".master");
  }

  private String[] copies() throws IOException {
    return new String[] {Files.readString(master("domain-1")), Files.readString(master("sealing"))};
  }
}
