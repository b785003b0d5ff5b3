package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When books are closed under a root, and what the root covers.
class SealTest {
  @TempDir Path root;
  private LedgerWorld world;

  @BeforeEach
  void open() throws IOException {
    world = new LedgerWorld(root, new MemoryBookDirectory());
    world.slots = 8;
    world.open();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private BookRow row(int number) {
    return world.directory.books().rows().stream()
        .filter(row -> row.number() == number)
        .findAny()
        .orElseThrow();
  }

  private byte[] rootOf(int number) {
    var serial = new SerialKeys(world.serialKeys).serial(number, 0);
    assertThat(world.ledger().show(serial)).isPresent();
    return row(number).root();
  }

  @Test
  void fullBook_isSealedAndStillRedeemedFrom() {
    var first = world.issue(true);
    for (int i = 0; i < 7; i++) {
      world.issue(false);
    }
    var next = world.issue(false);
    assertThat(row(first.serial().book()).state()).isEqualTo(BookRow.State.OPEN);
    Until.isTrue(
        "the book to be sealed",
        Duration.ofSeconds(20),
        () -> {
          world.settle();
          return row(first.serial().book()).state() == BookRow.State.SEALED;
        });
    assertThat(row(first.serial().book()).count()).isEqualTo(8);
    assertThat(row(next.serial().book()).state()).isEqualTo(BookRow.State.OPEN);
    assertThat(world.redeem(first)).isEqualTo(Finding.ISSUED);
    assertThat(world.redeem(first)).isEqualTo(Finding.REDEEMED);
  }

  @Test
  void oldBook_isSealedWhenAllExpired_andCut() throws IOException {
    var token = world.issue(false);
    world.clock.advance(Duration.ofHours(1));
    world.ledger().maintain();
    world.settle();
    world.ledger().maintain();
    var row = row(token.serial().book());
    assertThat(row.state()).isEqualTo(BookRow.State.SEALED);
    assertThat(row.count()).isEqualTo(1);
    assertThat(Files.size(world.book(row.number()))).isEqualTo(Slots.at(1));
    assertThat(Files.size(world.journal(row.number()))).isEqualTo(Journal.at(1));
    assertThat(world.lookup(token)).isEqualTo(Finding.EXPIRED);
  }

  @Test
  void bookLeftByAKilledProcess_isSealedWhenAllExpired() {
    var token = world.issue(false);
    world.ledger().reserve();
    world.killAndOpen();
    world.clock.advance(Duration.ofMinutes(30));
    world.ledger().maintain();
    assertThat(row(token.serial().book()).state()).isEqualTo(BookRow.State.OPEN);
    world.clock.advance(Duration.ofMinutes(40));
    world.ledger().maintain();
    var row = row(token.serial().book());
    assertThat(row.state()).isEqualTo(BookRow.State.SEALED);
    assertThat(row.count()).isEqualTo(2);
  }

  @Test
  void root_coversEntryAndRow_notLaterRedemption() throws IOException {
    var token = world.issue(true);
    world.issue(false);
    var cancelled = world.ledger().reserve();
    world.ledger().cancel(cancelled);
    world.ledger().close();
    int number = token.serial().book();
    byte[] sealed = row(number).root();
    world.open();
    assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    assertThat(rootOf(number)).isEqualTo(sealed);
    assertThat(recomputed(number)).isEqualTo(sealed);
    world.kill();
    for (long at : new long[] {Slots.at(0), Slots.at(1) + 20, Slots.at(2) + 17}) {
      assertChanges(world.book(number), at, number, sealed);
    }
    assertChanges(world.journal(number), Journal.at(1) + 70, number, sealed);
    world.open();
  }

  private void assertChanges(Path file, long at, int number, byte[] sealed) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
    assertThat(recomputed(number)).as("%s at %d", file, at).isNotEqualTo(sealed);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
    assertThat(recomputed(number)).isEqualTo(sealed);
  }

  /// The root as anybody with the files computes it by the format's description.
  private byte[] recomputed(int number) throws IOException {
    byte[] book = Files.readAllBytes(world.book(number));
    byte[] journal = Files.readAllBytes(world.journal(number));
    var tree = new MerkleTree();
    for (int slot = 0; slot < row(number).count(); slot++) {
      var leaf = ByteBuffer.allocate(200).putInt(number).putInt(slot);
      leaf.put(book, 4096 + 32 * slot, 31);
      int state = book[4096 + 32 * slot + 31];
      leaf.put((byte) (state == 0x55 || state == 0x5A ? 0x3C : state));
      leaf.put(journal, 64 + 160 * slot, 160);
      tree.add(leaf.array());
    }
    return tree.root();
  }
}
