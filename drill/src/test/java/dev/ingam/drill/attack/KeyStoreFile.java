package dev.ingam.drill.attack;

import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Writes a key store file as `docs/spec/key-store.md` says, so that these tests need no server.
public record KeyStoreFile(Path folder, String domain, byte[] masterKey) {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final SecureRandom RANDOM = new SecureRandom();

  /// In a data folder with the demo mark; the master key lies beside it.
  public static KeyStoreFile make(Path folder, String domain, List<Es256Key> keys) {
    return make(folder, domain, keys, List.of());
  }

  /// With keys of other algorithms too.
  static KeyStoreFile make(
      Path folder, String domain, List<Es256Key> keys, List<StolenKey> others) {
    var all = new ArrayList<StolenKey>();
    keys.forEach(key -> all.add(new StolenKey(key.kid(), StolenKey.Algorithm.ES256, key.key())));
    all.addAll(others);
    var masterKey = new byte[32];
    RANDOM.nextBytes(masterKey);
    var file = new KeyStoreFile(folder, domain, masterKey);
    try {
      Files.createDirectories(folder.resolve("keys"));
      Files.writeString(folder.resolve(StolenStore.DEMO_MARK), "");
      file.write(all);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return file;
  }

  public StolenStore stolen() {
    return new StolenStore(folder, domain, folder.resolve(domain + ".master"));
  }

  Path file() {
    return folder.resolve("keys").resolve(domain + ".json");
  }

  private void write(List<StolenKey> keys) throws IOException, GeneralSecurityException {
    var stored = new ArrayList<Json>();
    for (var key : keys) {
      stored.add(
          sealed(key.kid(), key.algorithm().jose(), key.key().getEncoded())
              .with("handle", key.kid())
              .with("algorithm", key.algorithm().jose())
              .with("created", "2026-11-23T00:00:00Z"));
    }
    var store =
        Json.empty()
            .with("format", "ingam-key-store-1")
            .with("installation", "test")
            .with("domain", domain)
            .with("check", sealed("check", "none", new byte[0]))
            .with("keys", stored);
    Files.write(file(), store.bytes());
    Files.writeString(
        folder.resolve(domain + ".master"), BASE64URL.encodeToString(masterKey) + "\n");
  }

  private Json sealed(String handle, String algorithm, byte[] plain)
      throws GeneralSecurityException {
    var nonce = new byte[12];
    RANDOM.nextBytes(nonce);
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new GCMParameterSpec(128, nonce));
    var aad = "ingam-key-store-1|test|" + domain + "|" + handle + "|" + algorithm;
    cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
    return Json.empty()
        .with("nonce", BASE64URL.encodeToString(nonce))
        .with("sealed", BASE64URL.encodeToString(cipher.doFinal(plain)));
  }
}
