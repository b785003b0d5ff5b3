package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.KeyState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// A process that dies at any durable write, before it or right after it, is taken up by the next:
/// one active key, a reserve, no private half that should be gone, no file that no row names.
class BrokenWriteTest {
  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;

  enum Story {
    FIRST_START(_ -> {}, TestHouse::start),
    ROTATE(TestHouse::start, house -> house.keys.rotate("access", true, "test")),
    PREPARE(TestHouse::start, house -> house.keys.prepare("access", "test")),
    CONDEMN(TestHouse::start, house -> house.keys.condemn(house.activeKid(), "proof", "judge")),
    TAINT(TestHouse::start, house -> house.keys.taint(house.waiting().kid(), "why", "test")),
    ACKNOWLEDGE(
        house -> {
          house.start();
          house.keys.condemn(house.activeKid(), "proof", "judge");
        },
        house ->
            house
                .keys
                .acknowledgements()
                .acknowledge(house.in(KeyState.TAINTED).getFirst().kid(), "why", "root")),
    DAYS_LATER(
        TestHouse::start,
        house -> {
          house.clock.advance(Duration.ofHours(23));
          house.keys.runDue();
          house.clock.advance(Duration.ofHours(2));
          house.keys.runDue();
        });

    private final Consumer<TestHouse> before;
    private final Consumer<TestHouse> act;

    Story(Consumer<TestHouse> before, Consumer<TestHouse> act) {
      this.before = before;
      this.act = act;
    }
  }

  @Test
  void anyWriteOfAnEmergency_breaks() {
    everyWrite(Story.CONDEMN);
  }

  @Tag("full")
  @ParameterizedTest
  @EnumSource
  void anyWrite_breaks(Story story) {
    everyWrite(story);
  }

  private void everyWrite(Story story) {
    int writes = countWrites(story);
    assertThat(writes).isPositive();
    for (int at = 1; at <= writes; at++) {
      breakAt(story, at, false);
      breakAt(story, at, true);
    }
  }

  private int countWrites(Story story) {
    var disk = new BrokenDisk(0, false);
    try (var house = new TestHouse(folder.resolve("counted"), DATABASE)) {
      prepared(house, story, disk);
      story.act.accept(house);
      return disk.writes();
    }
  }

  private void breakAt(Story story, int at, boolean after) {
    var where = story + " at write " + at + (after ? " after" : " before");
    var disk = new BrokenDisk(at, after);
    try (var house = new TestHouse(folder.resolve(story + "-" + at + after), DATABASE)) {
      prepared(house, story, disk);
      try {
        story.act.accept(house);
      } catch (KeysException | DataAccessException | TransactionException expected) {
        assertThat(disk.broke()).as(where).isTrue();
      }
      assertThat(disk.broke()).as(where).isTrue();
      if (house.installation != null) {
        house.kill();
      }
      house.files = new PosixFiles();
      house.source = house.database.server();
      house.start();
      sound(house, where);
    }
  }

  private static void prepared(TestHouse house, Story story, BrokenDisk disk) {
    story.before.accept(house);
    if (house.installation != null) {
      house.kill();
    }
    house.files = disk;
    house.source = disk.over(house.database.server());
    if (story != Story.FIRST_START) {
      house.start();
    }
    disk.arm();
  }

  private static void sound(TestHouse house, String where) {
    assertThat(house.in(KeyState.ACTIVE)).as(where).hasSize(1);
    assertThat(house.sign()).as(where).hasSize(64);
    assertThat(house.in(KeyState.PREPARED)).as(where).anyMatch(KeyView::reserve);
    assertThat(house.in(KeyState.PREPARED)).as(where).anyMatch(key -> !key.reserve());
    assertThat(house.alarms()).as(where).doesNotContain("row_mac_failed", "no_active_key");
    var stored =
        house.stores.domains().stream()
            .flatMap(domain -> house.stores.open(domain).handles().stream())
            .collect(Collectors.toSet());
    var named =
        house.keys.list().stream()
            .filter(KeyView::privateHalf)
            .map(KeyView::kid)
            .collect(Collectors.toSet());
    assertThat(stored).as(where).isEqualTo(named);
    assertThat(house.folder.resolve("data/keys")).as(where).isDirectoryNotContaining("glob:**.new");
    assertThat(Files.exists(house.folder.resolve("data/installation"))).isTrue();
  }
}
