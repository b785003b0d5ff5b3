package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.judge.Ruling;
import dev.ingam.issuance.ledger.LedgerWorld.Issued;
import dev.ingam.wire.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Books copied while they are in use, and opened in another folder, in the next epoch.
class BookCopyTest {
  private static final int EACH = 8;

  @TempDir Path root;
  private final BookDirectory directory = new MemoryBookDirectory();
  private LedgerWorld world;
  private LedgerWorld restored;

  @BeforeEach
  void open() throws IOException {
    world = new LedgerWorld(root.resolve("first"), directory);
    world.open();
  }

  @AfterEach
  void close() {
    world.close();
    if (restored != null) {
      restored.close();
    }
  }

  private List<Issued> issue(boolean singleUse) {
    return Stream.generate(() -> world.issue(singleUse)).limit(EACH).toList();
  }

  private BookCopy copy(Issued of) {
    return world.ledger().copy(of.serial().book()).orElseThrow();
  }

  private static byte[] bytes(CopyOf part, long size) throws IOException {
    var out = new ByteArrayOutputStream();
    part.write(out);
    return Arrays.copyOf(out.toByteArray(), Math.toIntExact(Math.max(out.size(), size)));
  }

  private interface CopyOf {
    void write(ByteArrayOutputStream out) throws IOException;
  }

  /// As a restore does.
  private void restore(BookCopy copy, Issued of) throws IOException {
    restored = new LedgerWorld(root.resolve("second"), directory);
    restored.serialKeys = List.of(LedgerWorld.key(2), LedgerWorld.key(1));
    restored.boot = "boot-2";
    Files.createDirectories(restored.folder.books());
    int book = of.serial().book();
    Files.write(restored.book(book), bytes(copy::writeBook, copy.bookSize()));
    Files.write(restored.journal(book), bytes(copy::writeJournal, copy.journalSize()));
    world.kill();
    RestoredBooks.takeUp(restored.folder.position(), directory, LedgerWorld.NODE);
    restored.open();
  }

  private Finding redeem(Issued token) {
    return restored.redeem(token);
  }

  private void assertDoubt(Issued token) {
    var finding = redeem(token);
    assertThat(Ruling.of(finding).reason()).as(finding.name()).isEqualTo(Reason.LEDGER_DOUBT);
    assertThat(Ruling.of(finding).conclusion().name()).isEqualTo("NONE");
  }

  @Test
  void copy_opened_honoursWhatWasSettledAndDoubtsTheRest() throws IOException {
    var plain = issue(false);
    var single = issue(true);
    var used = issue(true);
    used.forEach(each -> assertThat(world.redeem(each)).isEqualTo(Finding.ISSUED));
    world.settle();
    var copy = copy(plain.getFirst());
    var later = issue(false);
    restore(copy, plain.getFirst());

    plain.forEach(each -> assertThat(redeem(each)).isEqualTo(Finding.ISSUED));
    used.forEach(each -> assertThat(redeem(each)).isEqualTo(Finding.REDEEMED));
    single.forEach(this::assertDoubt);
    later.forEach(this::assertDoubt);
    var fresh = restored.issue(true);
    assertThat(redeem(fresh)).isEqualTo(Finding.ISSUED);
    assertThat(redeem(fresh)).isEqualTo(Finding.REDEEMED);
  }

  /// It was used after its slot was copied: the copy knows nothing of that.
  @Test
  void singleUse_usedAfterTheCopy_isNotHonouredAgain() throws IOException {
    var single = issue(true);
    world.settle();
    var copy = copy(single.getFirst());
    single.forEach(each -> assertThat(world.redeem(each)).isEqualTo(Finding.ISSUED));
    restore(copy, single.getFirst());
    for (var each : single) {
      var finding = redeem(each);
      assertThat(Ruling.of(finding).reason())
          .as(finding.name())
          .isIn(Reason.LEDGER_DOUBT, Reason.ALREADY_REDEEMED);
    }
  }

  @Test
  void copy_ofABookThatIsNotThere_isNone() {
    assertThat(world.ledger().copy(0x1234_5678)).isEmpty();
  }

  /// A book of this process that has, by chance, the number of one that was lost.
  @Test
  void serialOfAnEarlierEpoch_inABookOfThisProcess_isUnknownAndNotFabricated() throws IOException {
    var early = issue(false).getFirst();
    world.settle();
    restore(copy(early), early);
    int current = restored.issue(false).serial().book();
    var lost = new SerialKeys(List.of(LedgerWorld.key(1))).serial(current, 0);
    var invented = new SerialKeys(List.of(LedgerWorld.key(9))).serial(current, 0);
    var ledger = restored.ledger();
    assertThat(ledger.lookup(lost, restored.digest())).isEqualTo(Finding.UNKNOWN_BOOK);
    assertThat(ledger.lookup(invented, restored.digest())).isEqualTo(Finding.FABRICATED);
    assertThat(redeem(early)).as("in the book that is of that epoch").isEqualTo(Finding.ISSUED);
  }
}
