package dev.ingam.keys.file;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.KeysException.Code;
import dev.ingam.keys.SigningStoreContract;
import dev.ingam.keys.SigningStores;
import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoresTest extends SigningStoreContract {
  @TempDir Path folder;
  private final SettableClock clock = SettableClock.at("2026-11-23T00:00:00Z");
  private Installation installation;
  private FileStores stores;

  @BeforeEach
  void open() {
    installation = Installation.open(folder.resolve("data"), folder.resolve("secrets"), clock);
    stores = FileStores.open(installation, new SecureRandom(), null, clock);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Override
  protected SigningStores stores() {
    return stores;
  }

  @Override
  protected void restart() {
    close();
    open();
  }

  @Test
  void files_areTheOwnersAlone() throws IOException {
    stores.create("domain-1").generate(Algorithm.ES256);
    assertThat(permissions(folder.resolve("data/keys"))).isEqualTo("rwx------");
    assertThat(permissions(file())).isEqualTo("rw-------");
    assertThat(permissions(master())).isEqualTo("rw-------");
  }

  /// By the text of the specification, with no line of ours.
  @Test
  void file_opensByTheDocumentedFormat() throws Exception {
    var key = stores.create("domain-1").generate(Algorithm.ED25519);
    var pkcs8 = decrypt(key.handle());
    assertThat(HexFormat.of().formatHex(pkcs8)).startsWith("302e020100300506032b6570");
  }

  @Test
  void destroyedKey_isGoneFromTheFile() throws Exception {
    var store = stores.create("domain-1");
    var key = store.generate(Algorithm.ES256);
    var sealed = member(Files.readString(file()), key.handle(), "sealed");
    store.destroy(key.handle());
    assertThat(Files.readString(file())).doesNotContain(key.handle()).doesNotContain(sealed);
    try (var files = Files.list(folder.resolve("data/keys"))) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void leftOverOfABrokenWrite_isRemovedAtStart() throws IOException {
    stores.create("domain-1");
    var left = Files.writeString(folder.resolve("data/keys/.domain-1.json.new"), "a destroyed key");
    var secrets = installation.secretsDir();
    var master = Files.writeString(secrets.resolve(".domain-9.master.new"), "a master key");
    restart();
    assertThat(left).doesNotExist();
    assertThat(master).doesNotExist();
  }

  @Test
  void masterKey_wrong_damagesNothing() throws IOException {
    var key = stores.create("domain-1").generate(Algorithm.ES256);
    stores.create("domain-2");
    var right = Files.readAllBytes(master());
    var before = Files.readAllBytes(file());
    Files.copy(
        installation.secretsDir().resolve("domain-2.master"),
        master(),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    restart();
    refused(Code.MASTER_KEY_WRONG, () -> stores.open("domain-1"));
    for (var text : new String[] {"", "AAAA", "not base64url!", "\n"}) {
      Files.writeString(master(), text);
      refused(Code.MASTER_KEY_WRONG, () -> stores.open("domain-1"));
    }
    Files.delete(master());
    refused(Code.MASTER_KEY_MISSING, () -> stores.open("domain-1"));
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
    assertThat(master()).doesNotExist();
    Files.write(master(), right);
    Files.setPosixFilePermissions(master(), PosixFilePermissions.fromString("rw-r--r--"));
    refused(Code.SECRETS_EXPOSED, () -> stores.open("domain-1"));
    Files.setPosixFilePermissions(master(), PosixFilePermissions.fromString("rw-------"));
    assertThat(stores.open("domain-1").handles()).containsExactly(key.handle());
  }

  @Test
  void masterKey_swappedWhileOpen_sealsNoKey() throws IOException {
    var store = stores.create("domain-1");
    Files.writeString(master(), Base64Url.encode(new byte[32]));
    refused(Code.STORE_DAMAGED, () -> store.generate(Algorithm.ES256));
    assertThat(store.handles()).isEmpty();
  }

  @Test
  void file_damaged() throws IOException {
    stores.create("domain-1").generate(Algorithm.ES256);
    var sound = Files.readString(file());
    for (var bad :
        new String[] {
          "",
          "{}",
          sound.substring(0, sound.length() / 2),
          sound + "{}",
          sound.replace("ingam-key-store-1", "ingam-key-store-2"),
          sound.replace("\"domain\":\"domain-1\"", "\"domain\":\"domain-2\""),
          sound.replace(installation.id(), "00000000000000000000000000000000"),
          sound.replace("\"sealed\"", "\"nonce\"")
        }) {
      Files.writeString(file(), bad);
      restart();
      refused(Code.STORE_DAMAGED, () -> stores.open("domain-1"));
      assertThat(Files.readString(file())).isEqualTo(bad);
    }
  }

  @Test
  void key_renamedInTheFile_doesNotOpen() throws IOException {
    var store = stores.create("domain-1");
    var one = store.generate(Algorithm.ES256).handle();
    var other = store.generate(Algorithm.ES256).handle();
    var swapped =
        Files.readString(file())
            .replace(one, "x")
            .replace(other, one)
            .replace("\"x\"", "\"" + other + "\"");
    Files.writeString(file(), swapped);
    restart();
    refused(Code.STORE_DAMAGED, () -> stores.open("domain-1").open(one));
  }

  @Test
  void key_calledAnotherAlgorithm_doesNotOpen() throws IOException {
    var one = stores.create("domain-1").generate(Algorithm.ES256).handle();
    Files.writeString(file(), Files.readString(file()).replace("ES256", "Ed25519"));
    restart();
    refused(Code.STORE_DAMAGED, () -> stores.open("domain-1").open(one));
  }

  @Test
  void sealingKeys_areTheSameAfterARestart() {
    var data = new byte[] {1};
    var mac = stores.sealingKeys().mac("context", data);
    var wrapped = stores.sealingKeys().wrap("context", data);
    restart();
    var again = stores.sealingKeys();
    assertThat(again.mac("context", data)).isEqualTo(mac).isNotEqualTo(again.mac("other", data));
    assertThat(again.unwrap("context", wrapped)).isEqualTo(data);
    assertThat(again.wrap("context", data)).isNotEqualTo(wrapped);
    refused(Code.NOT_SEALED_HERE, () -> again.unwrap("other", wrapped));
    refused(Code.NOT_SEALED_HERE, () -> again.unwrap("context", new byte[3]));
    var changed = wrapped.clone();
    changed[changed.length - 1] ^= 1;
    refused(Code.NOT_SEALED_HERE, () -> again.unwrap("context", changed));
    assertThat(stores.domains()).isEmpty();
    refused(Code.CONFIGURATION, () -> stores.open("sealing"));
    refused(Code.CONFIGURATION, () -> stores.discard("sealing"));
  }

  @Test
  void sealingStore_lost_isNotMadeAnew() throws IOException {
    stores.sealingKeys();
    stores.create("domain-1");
    var sealing = folder.resolve("data/keys/sealing.json");
    Files.delete(sealing);
    refused(Code.STORE_DAMAGED, () -> stores.sealingKeys());
    assertThat(sealing).doesNotExist();
  }

  @Test
  void noText_showsAPrivateKey() throws Exception {
    var sealing = stores.sealingKeys();
    var store = stores.create("domain-1");
    var key = store.generate(Algorithm.ES256);
    var pkcs8 = decrypt(key.handle());
    var masterKey = Base64.getUrlDecoder().decode(Files.readString(master()).strip());
    var texts = new StringBuilder();
    try (var signer = store.open(key.handle())) {
      texts.append(store).append(key).append(signer).append(stores).append(installation);
    }
    texts.append(sealing).append(StoreFile.read(Files.readAllBytes(file())));
    try (var sealer = new MasterKey(masterKey.clone(), "i", "d", new SecureRandom())) {
      texts.append(sealer).append(sealer.seal("h", "a", "c", pkcs8));
    }
    try {
      new Jca(null).privateKey(Algorithm.ED25519, pkcs8);
    } catch (KeysException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        texts.append(cause);
      }
    }
    var secrets = new byte[][] {masterKey, Arrays.copyOfRange(pkcs8, 36, 68)};
    for (var secret : secrets) {
      assertThat(texts.toString())
          .doesNotContain(HexFormat.of().formatHex(secret))
          .doesNotContain(Base64Url.encode(secret))
          .doesNotContain(Arrays.toString(secret));
    }
    assertThat(texts.toString()).contains("redacted");
  }

  private byte[] decrypt(String handle) throws IOException, GeneralSecurityException {
    var json = Files.readString(file());
    var algorithm = member(json, handle, "algorithm");
    var key = Base64.getUrlDecoder().decode(Files.readString(master()).strip());
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(128, Base64.getUrlDecoder().decode(member(json, handle, "nonce"))));
    var bound =
        String.join("|", "ingam-key-store-1", installation.id(), "domain-1", handle, algorithm);
    cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
    return cipher.doFinal(Base64.getUrlDecoder().decode(member(json, handle, "sealed")));
  }

  private static String member(String json, String handle, String name) {
    var pattern = "\"handle\":\"" + handle + "\"[^}]*\"" + name + "\":\"([^\"]*)\"";
    var found = Pattern.compile(pattern).matcher(json);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private Path file() {
    return folder.resolve("data/keys/domain-1.json");
  }

  private Path master() {
    return installation.secretsDir().resolve("domain-1.master");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
