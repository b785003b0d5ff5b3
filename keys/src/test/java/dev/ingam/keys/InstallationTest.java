package dev.ingam.keys;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir Path folder;
  private Path data;
  private Path secrets;

  @BeforeEach
  void folders() {
    data = folder.resolve("data");
    secrets = folder.resolve("secrets");
  }

  @Test
  void open_again_isTheSame() {
    String id;
    byte[] key;
    try (var first = open()) {
      id = first.id();
      key = first.serialKeys().getFirst();
      assertThat(id).matches("[0-9a-f]{32}");
      assertThat(first.epoch()).isEqualTo(1);
      assertThat(key).hasSize(16);
      assertThat(first.bootId()).isNotBlank();
      assertThat(first.secretsDir()).isEqualTo(secrets.resolve(id));
    }
    try (var again = open()) {
      assertThat(again.id()).isEqualTo(id);
      assertThat(again.serialKeys().getFirst()).isEqualTo(key);
    }
  }

  /// Secrets of before a recovery lack the serial key of the epoch that it opened.
  @Test
  void open_withSecretsOfAnEarlierEpoch_isRefused() throws IOException {
    Path file;
    byte[] earlier;
    try (var installation = open()) {
      file = installation.secretsDir().resolve("installation.json");
      earlier = Files.readAllBytes(file);
      installation.openEpoch(new SecureRandom());
      assertThat(installation.epoch()).isEqualTo(2);
    }
    var newest = Files.readAllBytes(file);
    Files.write(file, earlier);
    refused(Code.INSTALLATION_DAMAGED, this::open);
    Files.write(file, newest);
    try (var again = open()) {
      assertThat(again.epoch()).isEqualTo(2);
      assertThat(again.serialKeys()).hasSize(2);
    }
  }

  /// The process ended between the secrets and the mark, or was one that wrote no epoch.
  @Test
  void open_withAMarkOfAnEarlierEpoch_bringsItInLine() throws IOException {
    var mark = data.resolve("installation");
    Path file;
    byte[] earlier;
    try (var installation = open()) {
      file = installation.secretsDir().resolve("installation.json");
      earlier = Files.readAllBytes(file);
      var first = Files.readAllBytes(mark);
      installation.openEpoch(new SecureRandom());
      Files.write(mark, first);
    }
    open().close();
    assertThat(Files.readString(mark)).contains("\"epoch\":2");
    Files.write(file, earlier);
    refused(Code.INSTALLATION_DAMAGED, this::open);
    Files.writeString(mark, Files.readString(mark).replace(":2", ":\"two\""));
    refused(Code.INSTALLATION_DAMAGED, this::open);
  }

  @Test
  void open_secretFolderAndFiles_areTheOwnersAlone() throws IOException {
    try (var installation = open()) {
      assertThat(permissions(installation.secretsDir())).isEqualTo("rwx------");
      assertThat(permissions(installation.secretsDir().resolve("installation.json")))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void open_twice() {
    try (var first = open()) {
      refused(Code.FOLDER_IN_USE, this::open);
      assertThat(first.serialKeys()).hasSize(1);
    }
    open().close();
  }

  @Test
  void open_copiedDataFolder_withoutItsSecrets() throws IOException {
    open().close();
    refused(
        Code.SECRETS_MISSING, () -> Installation.open(data, folder.resolve("elsewhere"), clock()));
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void open_copyBesideTheOriginal_isRefused() throws IOException {
    open().close();
    var copy = copied("copy");
    refused(Code.INSTALLATION_DAMAGED, () -> Installation.open(copy, secrets, clock()));
    open().close();
    var link = Files.createSymbolicLink(folder.resolve("link"), data);
    Installation.open(link, secrets, clock()).close();
    Files.writeString(data.resolve("installation"), "unreadable");
    refused(Code.INSTALLATION_DAMAGED, () -> Installation.open(copy, secrets, clock()));
  }

  @Test
  void open_copyWhileTheOriginalRuns_isRefused() throws IOException {
    try (var original = open()) {
      var copy = copied("copy");
      refused(Code.FOLDER_IN_USE, () -> Installation.open(copy, secrets, clock()));
      assertThat(original.dataDir()).isEqualTo(data);
    }
  }

  @Test
  void open_movedDataFolder_isTakenUp() throws IOException {
    String id;
    try (var installation = open()) {
      id = installation.id();
    }
    var moved = Files.move(data, folder.resolve("moved"));
    try (var same = Installation.open(moved, secrets, clock())) {
      assertThat(same.id()).isEqualTo(id);
    }
    // Another installation where the first was keeps nobody from moving again.
    open().close();
    var again = Files.move(moved, folder.resolve("again"));
    open().close();
    Installation.open(again, secrets, clock()).close();
  }

  @Test
  void open_damagedNoteOfTheDataFolder() throws IOException {
    Path note;
    try (var installation = open()) {
      note = installation.secretsDir().resolve("data-folder.json");
    }
    for (var bad : new String[] {"", "{}", "{\"format\":\"x\",\"path\":\"/\"}"}) {
      Files.writeString(note, bad);
      refused(Code.INSTALLATION_DAMAGED, this::open);
    }
    // Noted by no one: an installation of before.
    Files.delete(note);
    open().close();
    assertThat(Files.readString(note)).contains(data.toRealPath().toString());
  }

  @Test
  void open_secretsInsideTheDataFolder() {
    refused(
        Code.INSTALLATION_DAMAGED, () -> Installation.open(data, data.resolve("keys"), clock()));
    assertThat(data).doesNotExist();
  }

  @Test
  void open_exposedSecrets() throws IOException {
    Path file;
    try (var installation = open()) {
      file = installation.secretsDir().resolve("installation.json");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    refused(Code.SECRETS_EXPOSED, this::open);
  }

  @Test
  void open_lostMark() throws IOException {
    open().close();
    Files.delete(data.resolve("installation"));
    Files.createDirectory(data.resolve("keys"));
    refused(Code.INSTALLATION_DAMAGED, this::open);
  }

  @Test
  void open_damagedFiles() throws IOException {
    Path file;
    try (var installation = open()) {
      file = installation.secretsDir().resolve("installation.json");
    }
    var sound = Files.readString(file);
    for (var bad :
        new String[] {
          "",
          "{",
          "[]",
          "{}",
          sound + "x",
          sound.replaceFirst("\"epoch\":1", "\"epoch\":2"),
          sound.replace("ingam-installation-1", "ingam-installation-9"),
          sound.replace("\"id\"", "\"format\""),
          sound.replaceAll("\"key\":\"..", "\"key\":\"")
        }) {
      Files.writeString(file, bad);
      refused(Code.INSTALLATION_DAMAGED, this::open);
      assertThat(Files.readString(file)).isEqualTo(bad);
    }
    Files.writeString(file, sound);
    Files.writeString(data.resolve("installation"), "{\"format\":\"x\",\"id\":\"../../etc\"}");
    refused(Code.INSTALLATION_DAMAGED, this::open);
  }

  @Test
  void noText_showsASecret() {
    try (var installation = open()) {
      var key = HexFormat.of().formatHex(installation.serialKeys().getFirst());
      assertThat(installation.toString()).doesNotContain(key).contains(installation.id());
    }
    assertThatThrownBy(() -> Installation.open(data, folder.resolve("elsewhere"), clock()))
        .hasMessageContaining("elsewhere");
  }

  private Installation open() {
    return Installation.open(data, secrets, clock());
  }

  private Path copied(String name) throws IOException {
    var copy = Files.createDirectory(folder.resolve(name));
    Files.copy(
        data.resolve("installation"),
        copy.resolve("installation"),
        StandardCopyOption.COPY_ATTRIBUTES);
    return copy;
  }

  private static SettableClock clock() {
    return SettableClock.at(TestHouse.START);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
