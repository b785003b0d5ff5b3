package dev.ingam.drill.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StolenStoreTest {
  private final Es256Key first = Es256Key.generate(new SecureRandom());
  private final Es256Key second = Es256Key.generate(new SecureRandom());
  private @TempDir Path folder;
  private KeyStoreFile store;

  @BeforeEach
  void store() {
    store = KeyStoreFile.make(folder, "domain-1", List.of(first, second));
  }

  @Test
  void open_withItsMasterKey() {
    assertThat(store.stolen().open())
        .extracting(StolenKey::kid, StolenKey::key)
        .containsExactly(tuple(first.kid(), first.key()), tuple(second.kid(), second.key()));
  }

  @ParameterizedTest
  @EnumSource(names = {"RS256", "PS256"})
  void open_rsaKeys(StolenKey.Algorithm algorithm) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(3072);
    var pair = generator.generateKeyPair();
    var kid = VerificationKey.thumbprint(pair.getPublic());
    var made =
        KeyStoreFile.make(
            folder.resolve("rsa"),
            "domain-1",
            List.of(),
            List.of(new StolenKey(kid, algorithm, pair.getPrivate())));
    var opened = made.stolen().open().getFirst();
    assertThat(opened.kid()).isEqualTo(kid);
    assertThat(opened.algorithm()).isEqualTo(algorithm);
    assertThat(opened.key()).isEqualTo(pair.getPrivate());
    var shown =
        new VerificationKey(
            kid,
            Algorithm.ofJose(algorithm.jose()),
            pair.getPublic(),
            KeyPurpose.ACCESS_TOKEN,
            KeyState.ACTIVE);
    var input = new byte[] {1, 2, 3};
    assertThat(new SignatureCheck(null).verify(shown, input, opened.sign(input))).isTrue();
  }

  @Test
  void open_withoutTheDemoMark() throws IOException {
    Files.delete(folder.resolve(StolenStore.DEMO_MARK));
    refused("carries no demo mark");
  }

  @Test
  void open_withAnotherMasterKey() throws IOException {
    var other = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
    Files.writeString(folder.resolve("domain-1.master"), other);
    refused("does not open check");
  }

  @Test
  void open_withAShortMasterKey() throws IOException {
    Files.writeString(folder.resolve("domain-1.master"), "AAAA");
    refused("32 bytes");
  }

  @Test
  void open_withNoMasterKey() throws IOException {
    Files.delete(folder.resolve("domain-1.master"));
    refused("cannot read");
  }

  @Test
  void open_whenSealedKeysAreExchanged() throws IOException {
    var text = Files.readString(store.file());
    var swapped =
        text.replace(first.kid(), "*")
            .replace(second.kid(), first.kid())
            .replace("*", second.kid());
    Files.writeString(store.file(), swapped);
    refused("does not open " + second.kid());
  }

  @Test
  void open_ofAnotherDomain() throws IOException {
    Files.copy(store.file(), folder.resolve("keys/domain-2.json"));
    Files.copy(folder.resolve("domain-1.master"), folder.resolve("domain-2.master"));
    var other = new StolenStore(folder, "domain-2", folder.resolve("domain-2.master"));
    assertThatThrownBy(other::open)
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("expected ingam-key-store-1 of domain-2");
  }

  @Test
  void open_ofAFileCutShort() throws IOException {
    var bytes = Files.readString(store.file());
    Files.writeString(store.file(), bytes.substring(0, bytes.length() / 2));
    refused("expected a JSON object");
  }

  @Test
  void open_ofAnUnknownAlgorithm() throws IOException {
    Files.writeString(store.file(), Files.readString(store.file()).replace("ES256", "none"));
    refused("expected a key for ES256, Ed25519, RS256 or PS256, came none");
  }

  private void refused(String why) {
    assertThatThrownBy(store.stolen()::open)
        .isInstanceOf(DrillException.class)
        .hasMessageContaining(why);
  }
}
