package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.archive.ArchiveException;
import dev.ingam.keys.archive.ArchiveException.Reason;
import dev.ingam.keys.archive.BackupKey;
import dev.ingam.server.backup.Inspection;
import dev.ingam.server.backup.Restore;
import dev.ingam.server.start.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What keeps an archive from being restored: one clear message each, and nothing is left.
class RestoreRefusedTest {
  @TempDir static Path home;
  private static Path archive;
  private static byte[] whole;
  private static BackupKey key;

  @BeforeAll
  static void backup() throws IOException {
    try (var server = TestServer.start(home)) {
      var secret = server.client("shop", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
      server.clientToken("shop", secret);
      archive = Restored.backup(server, home.resolve("ingam.backup"));
    }
    whole = Files.readAllBytes(archive);
    key = Restored.key(home);
    Restored.lose(home.resolve("data"));
  }

  private static Path changed(byte[] bytes) throws IOException {
    return Files.write(home.resolve("changed.backup"), bytes);
  }

  private static void isRefused(byte[] bytes, BackupKey with, Reason reason) throws IOException {
    var data = home.resolve("refused");
    var file = changed(bytes);
    assertThatThrownBy(
            () -> Restore.run(file, with, Restored.target(data, home.resolve("secrets"))))
        .isInstanceOfSatisfying(
            ArchiveException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(data).doesNotExist();
  }

  @Test
  void verify_saysWhatTheArchiveHolds() throws IOException {
    var found = Inspection.of(archive, key);
    assertThat(found.books()).isGreaterThanOrEqualTo(1);
    assertThat(found.rows()).containsEntry("issuance.client", 1L).containsKey("keys.signing_key");
    assertThat(found.rows()).doesNotContainKey("issuance.node_lease");
  }

  @Test
  void anotherKey() throws IOException {
    isRefused(whole, new BackupKey(new byte[32]), Reason.WRONG_KEY);
  }

  @Test
  void anotherFile() throws IOException {
    isRefused(new byte[5_000], key, Reason.NOT_AN_ARCHIVE);
    isRefused(new byte[0], key, Reason.NOT_AN_ARCHIVE);
  }

  @Test
  void laterFormat() throws IOException {
    var later = whole.clone();
    later[7] = '2';
    isRefused(later, key, Reason.NEWER_FORMAT);
  }

  /// At any place: in the header, between chunks, in the last one, before the end.
  @Test
  void cutOff() throws IOException {
    for (int length :
        new int[] {9, 40, 400, whole.length / 2, whole.length - 30, whole.length - 1}) {
      isRefused(Arrays.copyOf(whole, length), key, Reason.TRUNCATED);
    }
  }

  @Test
  void oneBitChanged() throws IOException {
    for (int at : new int[] {400, whole.length / 2, whole.length - 1, whole.length - 40}) {
      var bytes = whole.clone();
      bytes[at] ^= 1;
      isRefused(bytes, key, Reason.DAMAGED);
    }
  }

  @Test
  void somethingBehindTheEnd() throws IOException {
    isRefused(Arrays.copyOf(whole, whole.length + 1), key, Reason.DAMAGED);
  }

  @Test
  void folderThatIsNotEmpty() throws IOException {
    var data = Files.createDirectory(home.resolve("full"));
    Files.writeString(data.resolve("mine"), "keep");
    assertThatThrownBy(() -> Restored.restore(archive, home, data))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("empty folder");
    assertThat(data.resolve("mine")).hasContent("keep");
  }

  @Test
  void secretsThatAreMissing() {
    var data = home.resolve("without-secrets");
    var target = Restored.target(data, home.resolve("no-secrets"));
    assertThatThrownBy(() -> Restore.run(archive, key, target))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("sealing.master");
    assertThat(data).doesNotExist();
  }

  /// Found only when half is written: all of it goes again.
  @Test
  void masterKeyThatIsNotThis() throws IOException {
    var secrets = home.resolve("other-secrets");
    var id = Inspection.of(archive, key).header().installation();
    Files.createDirectories(secrets.resolve(id));
    var master =
        Files.writeString(secrets.resolve(id).resolve("sealing.master"), "A".repeat(43) + "\n");
    Files.setPosixFilePermissions(master, PosixFilePermissions.fromString("rw-------"));
    var data = home.resolve("other-master");
    assertThatThrownBy(() -> Restore.run(archive, key, Restored.target(data, secrets)))
        .isInstanceOfSatisfying(
            KeysException.class,
            e -> assertThat(e.code()).isEqualTo(KeysException.Code.MASTER_KEY_WRONG));
    assertThat(data).doesNotExist();
  }

  /// As after a kill in the middle.
  @Test
  void folderOfABrokenOffRestore_isStartedByNobody() throws IOException {
    var data = Files.createDirectory(home.resolve("half"));
    Files.writeString(data.resolve("restoring"), "");
    assertThatThrownBy(() -> Installation.open(data, home.resolve("secrets"), Clock.systemUTC()))
        .isInstanceOf(KeysException.class)
        .hasMessageContaining("broken off");
  }
}
