package dev.ingam.issuance.ledger;

import static java.lang.Thread.State.TIMED_WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.ledger.LedgerWorld.Issued;
import dev.ingam.testkit.Until;
import dev.ingam.wire.Serial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A failure at every durable write, and a directory that does not answer: what was accepted is
/// kept, what cannot be kept is refused, and it goes on when the fault has passed.
class LedgerFaultsTest {
  private static final int SLOTS = 8;

  @TempDir Path root;
  private final FaultyDisk disk = new FaultyDisk();
  private final FaultyDirectory directory = new FaultyDirectory();
  private LedgerWorld world;

  /// A directory whose answers can fail.
  private static final class FaultyDirectory implements BookDirectory {
    private final MemoryBookDirectory directory = new MemoryBookDirectory();
    private volatile boolean failing;
    private volatile boolean readOnly;
    private volatile CountDownLatch slow = new CountDownLatch(0);

    private void answer() {
      if (failing) {
        throw new IssuanceException(
            IssuanceException.Kind.DATABASE_UNAVAILABLE, "database away (injected)");
      }
    }

    @Override
    public Books books() {
      answer();
      return directory.books();
    }

    @Override
    public boolean add(BookRow row) {
      answer();
      try {
        slow.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return directory.add(row);
    }

    @Override
    public boolean change(BookRow row) {
      answer();
      if (readOnly) {
        throw new IssuanceException(
            IssuanceException.Kind.DATABASE_UNAVAILABLE, "database read only (injected)");
      }
      return directory.change(row);
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    world = new LedgerWorld(root, directory);
    world.disk = disk;
    world.slots = SLOTS;
  }

  @AfterEach
  void close() {
    disk.heal();
    directory.failing = false;
    world.close();
  }

  private boolean hasSpare() {
    return world.ledger().status().spareReady();
  }

  private void awaitSpare() {
    Until.isTrue("a spare book", Duration.ofSeconds(20), this::hasSpare);
  }

  @Test
  void diskFull_fillsWhatIsReady_thenRefuses_thenRecovers() {
    world.open();
    awaitSpare();
    var issued = new ArrayList<Issued>();
    issued.add(world.issue(true));
    disk.failFromNowOn();
    assertUnavailableWithin(issued, 3 * SLOTS);
    assertThat(issued).hasSizeLessThanOrEqualTo(2 * SLOTS);
    world.ledger().maintain();
    assertThat(world.alarmed("no_spare_book") || world.alarmed("journal_space")).isTrue();
    issued.forEach(each -> assertThat(world.redeem(each)).isEqualTo(Finding.ISSUED));
    disk.heal();
    world.ledger().maintain();
    var later = world.issue(true);
    assertThat(world.redeem(later)).isEqualTo(Finding.ISSUED);
    assertThat(world.alarmed("no_spare_book")).isFalse();
    world.killAndOpen();
    issued.forEach(each -> assertThat(world.lookup(each)).isEqualTo(Finding.REDEEMED));
  }

  @Test
  void databaseAway_fillsWhatIsReady_thenRefuses_thenRecovers() throws IOException {
    world.open();
    awaitSpare();
    directory.failing = true;
    var issued = new ArrayList<Issued>();
    assertUnavailableWithin(issued, 3 * SLOTS);
    assertThat(issued).hasSize(2 * SLOTS);
    issued.forEach(each -> assertThat(world.redeem(each)).isEqualTo(Finding.ISSUED));
    directory.failing = false;
    world.ledger().maintain();
    assertThat(world.redeem(world.issue(true))).isEqualTo(Finding.ISSUED);
    awaitSpare();
    assertNoUnfinishedFiles();
  }

  @Test
  void manyWaitForTheNextBook_oneBookIsBegun() throws Exception {
    world.open();
    awaitSpare();
    directory.slow = new CountDownLatch(1);
    for (int i = 0; i < 2 * SLOTS; i++) {
      world.issue(false);
    }
    var serials = new ConcurrentLinkedQueue<Serial>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < SLOTS - 1; i++) {
      threads.add(Thread.ofPlatform().start(() -> serials.add(world.ledger().reserve())));
    }
    Until.isTrue(
        "all wait",
        Duration.ofSeconds(20),
        () -> threads.stream().allMatch(each -> each.getState() == TIMED_WAITING));
    directory.slow.countDown();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(serials).hasSize(SLOTS - 1);
    assertThat(serials.stream().map(Serial::book).distinct()).hasSize(1);
  }

  @Test
  void oneBookCannotBeSealed_alarmsThoughTheOthersCanBeKept() {
    world.open();
    awaitSpare();
    for (int i = 0; i < SLOTS + 1; i++) {
      world.issue(false);
    }
    world.settle();
    awaitSpare();
    directory.readOnly = true;
    for (int i = 0; i < SLOTS; i++) {
      world.issue(false);
    }
    world.settle();
    assertThat(world.alarmed("book_keeping")).isTrue();

    directory.readOnly = false;
    world.settle();
    assertThat(world.alarmed("book_keeping")).isFalse();
  }

  @Test
  void noRoomForOneJournal_alarmsThoughTheSpareHasItsRoom() {
    world.slots = 1 << 17;
    world.open();
    awaitSpare();
    world.settle();
    disk.fill();
    for (int i = 0; i < 40_000; i++) {
      world.issue(false);
    }
    world.ledger().maintain();
    assertThat(world.alarmed("journal_space")).isTrue();

    disk.heal();
    world.ledger().maintain();
    assertThat(world.alarmed("journal_space")).isFalse();
  }

  @Test
  void clockPutBack_whatWasReservedIsVoidedNevertheless() {
    world.open();
    world.settle();
    var open = world.ledger().reserve();
    world.clock.advance(Duration.ofHours(-1));
    world.ledger().maintain();
    world.clock.advance(Duration.ofSeconds(5));
    world.ledger().maintain();

    assertThat(world.ledger().show(open).orElseThrow().state()).isEqualTo(EntryView.State.VOID);
  }

  private void assertUnavailableWithin(List<Issued> issued, int tries) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < tries; i++) {
                issued.add(world.issue(true));
              }
            })
        .isInstanceOfSatisfying(
            IssuanceException.class,
            e -> assertThat(e.kind()).isEqualTo(IssuanceException.Kind.LEDGER_UNAVAILABLE));
  }

  @Test
  void syncFails_markStaysForGood_andAnotherBookIsUsed() {
    world.open();
    awaitSpare();
    var before = world.issue(false);
    world.settle();
    var book = before.serial().book();
    disk.failFromNowOn();
    var during = world.issue(false);
    world.ledger().maintain();
    assertThat(world.alarmed("ledger_sync_failed")).isTrue();
    int mark = mark(book);
    disk.heal();
    var after = world.issue(false);
    world.settle();
    assertThat(after.serial().book()).isNotEqualTo(book);
    assertThat(mark(book)).isEqualTo(mark).isEqualTo(1);
    for (var token : List.of(before, during, after)) {
      assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    }
    world.rebootAndOpen();
    for (var token : List.of(before, during, after)) {
      assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    }
  }

  private int mark(int book) {
    return world.ledger().status().books().stream()
        .filter(each -> each.number() == book)
        .findAny()
        .orElseThrow()
        .mark();
  }

  @Test
  void keyTableFull_anotherBookIsUsed() {
    world.slots = 2 * BookHeader.KIDS;
    world.open();
    awaitSpare();
    for (int i = 0; i < BookHeader.KIDS; i++) {
      world.ledger().enter(world.ledger().reserve(), entryOf("kid-" + i));
    }
    var full = world.ledger().reserve();
    var late = world.ledger().reserve();
    assertThatThrownBy(() -> world.ledger().enter(full, entryOf("one-more")))
        .isInstanceOf(IssuanceException.class);
    world.ledger().enter(late, entryOf("kid-0"));
    var next = world.ledger().reserve();
    world.ledger().enter(next, entryOf("one-more"));
    assertThat(next.book()).isNotEqualTo(full.book());
    assertThat(world.ledger().show(next).orElseThrow().kid()).isEqualTo("one-more");
    world.ledger().cancel(full);
  }

  private Entry entryOf(String kid) {
    var entry = world.entry(world.digest(), false);
    return new Entry(
        entry.digest(), entry.expiresAt(), kid, false, entry.holder(), entry.issuedAt());
  }

  /// A line needs no space; a single token's revocation is answered only when the disk kept it.
  @Test
  void revocation_onADiskThatKeepsNothing_isNotAnswered_aLineIsDrawn() {
    world.open();
    var token = world.issue(false);
    disk.failFromNowOn();

    assertThat(world.ledger().drawLine().slot()).isEqualTo(token.serial().slot() + 1);
    assertThatThrownBy(() -> world.ledger().revoke(token.serial()))
        .isInstanceOfSatisfying(
            IssuanceException.class,
            e -> assertThat(e.kind()).isEqualTo(IssuanceException.Kind.LEDGER_UNAVAILABLE));

    disk.heal();
    assertThat(world.ledger().revoke(token.serial())).isEqualTo(Finding.REVOKED);
    world.killAndOpen();
    assertThat(world.lookup(token)).isEqualTo(Finding.REVOKED);
  }

  @Test
  void positionCannotBeKept_alarmsAndGoesOn() throws IOException {
    world.open();
    world.settle();
    var token = world.issue(false);
    Files.move(world.folder.position().getParent(), root.resolve("gone"));
    world.settle();
    world.settle();
    assertThat(world.alarmed("ledger_position")).isTrue();
    assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    Files.move(root.resolve("gone"), world.folder.position().getParent());
    world.issue(false);
    world.settle();
    assertThat(world.alarmed("ledger_position")).isFalse();
  }

  /// One write after another fails, in a life with starts, entries, full books, seals and a drop.
  @Test
  @Tag("full")
  void everyDurableWrite_failsOnce() throws IOException {
    int number = 1;
    boolean reached = true;
    while (reached) {
      reached = livesWithFailureAt(number++);
    }
    assertThat(number).isGreaterThan(50);
  }

  @Test
  void durableWritesOfTheStart_failOnce() throws IOException {
    for (int number = 1; number <= 14; number++) {
      livesWithFailureAt(number);
    }
  }

  private boolean livesWithFailureAt(int number) throws IOException {
    var folder = root.resolve("life-" + number);
    var faulty = new FaultyDisk();
    faulty.failAt(number);
    try (var life = new LedgerWorld(folder, new MemoryBookDirectory())) {
      life.disk = faulty;
      life.slots = SLOTS;
      openInTheEnd(life);
      var issued = new ArrayList<Issued>();
      for (int round = 0; round < 3; round++) {
        fill(life, issued);
        life.settle();
        assertAllLive(life, issued);
        life.kill();
        openInTheEnd(life);
        assertAllLive(life, issued);
      }
      life.ledger().close();
      openInTheEnd(life);
      assertAllLive(life, issued);
      life.clock.advance(Duration.ofDays(2));
      life.ledger().maintain();
      life.ledger().maintain();
      assertThat(life.redeem(life.issue(true))).isEqualTo(Finding.ISSUED);
    }
    return faulty.writes() >= number;
  }

  /// A start may fail, cleanly; the next one succeeds.
  private static void openInTheEnd(LedgerWorld life) {
    try {
      life.open();
    } catch (IssuanceException e) {
      assertThat(e.kind()).isEqualTo(IssuanceException.Kind.LEDGER_UNAVAILABLE);
      life.open();
    }
  }

  private static void fill(LedgerWorld life, List<Issued> issued) {
    for (int i = 0; i < 2 * SLOTS; i++) {
      try {
        issued.add(life.issue(false));
      } catch (IssuanceException e) {
        assertThat(e.kind()).isEqualTo(IssuanceException.Kind.LEDGER_UNAVAILABLE);
        life.ledger().maintain();
      }
    }
  }

  private static void assertAllLive(LedgerWorld life, List<Issued> issued) {
    issued.forEach(each -> assertThat(life.lookup(each)).isEqualTo(Finding.ISSUED));
  }

  private void assertNoUnfinishedFiles() throws IOException {
    try (var files = Files.list(world.folder.books())) {
      assertThat(files.filter(file -> file.toString().endsWith(BookFile.NEW))).isEmpty();
    }
  }
}
