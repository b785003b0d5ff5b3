package dev.ingam.drill.attack;

import dev.ingam.drill.attack.Forger.Forgery;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A key store file opened with its master key, as whoever built it could: by the documented format
/// alone (`docs/spec/key-store.md`), with no line of the module that writes it.
///
/// It opens nothing but the store of a demo: the data folder must carry the mark that only the demo
/// puts there.
public record StolenStore(Path dataFolder, String domain, Path masterKeyFile) {
  /// The file in a data folder that says: made for a demo, its keys may be stolen.
  public static final String DEMO_MARK = "demo";

  private static final String FORMAT = "ingam-key-store-1";
  private static final int MAX_BYTES = 1 << 20;
  private static final int FORGED_SECONDS = 300;

  /// Every private key in the store.
  List<StolenKey> open() {
    if (!Files.isRegularFile(dataFolder.resolve(DEMO_MARK))) {
      throw new DrillException(
          dataFolder
              + " carries no demo mark: expected a data folder made by `ingam demo`; the attacker opens no other");
    }
    var file = dataFolder.resolve("keys").resolve(domain + ".json");
    var store = Json.read(bytes(file), file.toString());
    if (!store.text("format").equals(FORMAT) || !store.text("domain").equals(domain)) {
      throw new DrillException(
          file
              + ": expected "
              + FORMAT
              + " of "
              + domain
              + ", came "
              + store.text("format")
              + " of "
              + store.text("domain"));
    }
    var opener = new Opener(store.text("installation"), domain, masterKey());
    opener.open(store.object("check"), "check", "none");
    return store.objects("keys").stream().map(opener::key).toList();
  }

  /// Forged tokens about as many members, good for five minutes, in the form of an honest one and
  /// signed with the key that signed it.
  ///
  /// @throws DrillException when the store does not hold that key
  public List<String> forgeries(String honestToken, int count, Clock clock, SecureRandom random) {
    var forger = new Forger(honestToken, clock, random);
    var stolen =
        open().stream()
            .filter(key -> key.kid().equals(forger.honestKid()))
            .findFirst()
            .orElseThrow(() -> new DrillException("the store does not hold the key of that token"));
    return IntStream.range(0, count)
        .mapToObj(i -> forger.forge(stolen, "member-" + i, Forgery.of(i), FORGED_SECONDS))
        .toList();
  }

  private byte[] masterKey() {
    var line = new String(bytes(masterKeyFile), StandardCharsets.US_ASCII).strip();
    try {
      var key = Base64.getUrlDecoder().decode(line);
      if (key.length == 32) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw new DrillException(masterKeyFile + ": expected base64url, came something else", e);
    }
    throw new DrillException(masterKeyFile + ": expected a master key of 32 bytes");
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new DrillException(file + ": expected at most " + MAX_BYTES + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DrillException("cannot read " + file + ": " + e, e);
    }
  }

  /// Unseals what is sealed under one master key.
  private record Opener(String installation, String domain, byte[] masterKey) {
    StolenKey key(Json stored) {
      var kid = stored.text("handle");
      var algorithm = StolenKey.Algorithm.ofJose(stored.text("algorithm"));
      var pkcs8 = open(stored, kid, algorithm.jose());
      try {
        var key =
            KeyFactory.getInstance(algorithm.keyFactory())
                .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        return new StolenKey(kid, algorithm, key);
      } catch (GeneralSecurityException e) {
        throw new DrillException("what was sealed as " + kid + " is no " + algorithm + " key", e);
      }
    }

    byte[] open(Json sealed, String handle, String algorithm) {
      var aad = String.join("|", FORMAT, installation, domain, handle, algorithm);
      try {
        var decoder = Base64.getUrlDecoder();
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
            Cipher.DECRYPT_MODE,
            new SecretKeySpec(masterKey, "AES"),
            new GCMParameterSpec(128, decoder.decode(sealed.text("nonce"))));
        cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(decoder.decode(sealed.text("sealed")));
      } catch (AEADBadTagException e) {
        throw new DrillException("the master key does not open " + handle + " of " + domain, e);
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new DrillException(
            handle + " of " + domain + " is not sealed as documented: " + e.getMessage(), e);
      }
    }
  }
}
