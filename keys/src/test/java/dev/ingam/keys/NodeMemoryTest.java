package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class NodeMemoryTest {
  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  private static final String KEYS = "keys.signing_key";
  private static final NodeMemory.Tables TABLES =
      new NodeMemory.Tables(List.of(KeysSchema.NAME), KeysSchema.REMEMBERED, "SELECT 7::bigint");

  @TempDir Path folder;
  private final FullDisk disk = new FullDisk();
  private TestHouse house;
  private NodeMemory memory;

  @BeforeEach
  void start() {
    house = TestHouse.started(folder, DATABASE);
    memory = opened();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private NodeMemory opened() {
    return new NodeMemory(
        house.installation.secretsDir(),
        disk,
        house.stores.sealingKeys(),
        DATABASE.server(),
        TABLES,
        house.clock);
  }

  private Path file() {
    return house.installation.secretsDir().resolve("node-memory.json");
  }

  private static void owner(String sql) {
    DATABASE.ownerClient().sql(sql).update();
  }

  /// The database as it was one change before.
  private static void putBack() {
    owner(
        "WITH gone AS (DELETE FROM keys.event WHERE seq = (SELECT seq FROM keys.event_head))"
            + " UPDATE keys.event_head SET seq = seq - 1");
  }

  private static List<String> codes(NodeMemory memory) {
    return memory.alarms().stream().map(Alarm::code).toList();
  }

  private void assertBehind(NodeMemory of) {
    of.keep();
    assertThat(of.isBehind()).isTrue();
    assertThat(codes(of)).containsExactly("database_behind");
  }

  @Test
  void memory_beforeTheFirstKeep_isEmptyAndNothingIsBehind() {
    assertThat(memory.rows(KEYS)).isEqualTo("[]");
    assertThat(memory.generation()).isZero();
    assertThat(memory.isBehind()).isFalse();
    assertThat(file()).doesNotExist();
  }

  @Test
  void memory_openedAgain_isTheSame() {
    memory.keep();
    assertThat(memory.rows(KEYS)).contains(house.activeKid());
    var again = opened();
    assertThat(again.rows(KEYS)).isEqualTo(memory.rows(KEYS));
    assertThat(again.generation()).isEqualTo(7);
    again.keep();
    assertThat(again.alarms()).isEmpty();
  }

  @Test
  void file_isWrittenOnlyWhenSomethingChanged() throws IOException {
    memory.keep();
    var first = Files.readString(file());
    disk.full = true;
    memory.keep();
    disk.full = false;
    house.keys.taint(house.activeKid(), "a laptop was stolen", "test");
    memory.keep();
    assertThat(Files.readString(file())).isNotEqualTo(first);
    assertThat(memory.rows(KEYS)).contains("\"tainted\"");
  }

  @Test
  void database_thatLacksTheLastEvent_isBehindForTheNextProcessToo() {
    memory.keep();
    putBack();
    assertBehind(memory);
    assertBehind(opened());
  }

  /// An older one that went on: it has as many events, and another one in that place.
  @Test
  void database_withAnotherEventInThatPlace_isBehind() {
    memory.keep();
    putBack();
    house.keys.taint(house.activeKid(), "a laptop was stolen", "test");
    assertBehind(memory);
  }

  @Test
  void database_emptied_isBehind() {
    memory.keep();
    owner("TRUNCATE keys.event");
    owner("UPDATE keys.event_head SET seq = 0");
    assertBehind(memory);
  }

  /// What it knew must not be written over by what the older database knows.
  @Test
  void memory_ofADatabaseThatIsBehind_stays() throws IOException {
    memory.keep();
    var before = Files.readString(file());
    putBack();
    memory.keep();
    memory.keep();
    assertThat(Files.readString(file())).isEqualTo(before);
  }

  @Test
  void database_adopted_isNoLongerBehind() {
    memory.keep();
    putBack();
    memory.keep();
    memory.adopt();
    assertThat(memory.isBehind()).isFalse();
    assertThat(memory.alarms()).isEmpty();
    var again = opened();
    again.keep();
    assertThat(again.isBehind()).isFalse();
  }

  @Test
  void disk_full_keepsWhatWasRememberedAndSaysSo() {
    memory.keep();
    var before = memory.rows(KEYS);
    house.keys.taint(house.activeKid(), "a laptop was stolen", "test");
    disk.full = true;
    assertThatThrownBy(memory::keep).isInstanceOf(UncheckedIOException.class);
    assertThat(memory.rows(KEYS)).isEqualTo(before);
    assertThat(memory.isBehind()).isFalse();
    disk.full = false;
    memory.keep();
    assertThat(memory.rows(KEYS)).isNotEqualTo(before);
  }

  /// At any place: a memory that somebody changed is none.
  @Test
  void file_changed_stopsTheStart() throws IOException {
    memory.keep();
    var whole = Files.readString(file());
    for (int at = 0; at < whole.length(); at += 13) {
      var changed = new StringBuilder(whole);
      changed.setCharAt(at, whole.charAt(at) == 'x' ? 'y' : 'x');
      assertRefused(changed.toString());
    }
    assertRefused("");
    assertRefused("{}");
    assertRefused(whole.substring(0, whole.length() / 2));
  }

  private void assertRefused(String content) {
    disk.write(file(), content.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::opened)
        .as(content)
        .isInstanceOfSatisfying(
            KeysException.class,
            e -> assertThat(e.code()).isEqualTo(KeysException.Code.INSTALLATION_DAMAGED))
        .hasMessageContaining("node-memory.json");
  }
}
