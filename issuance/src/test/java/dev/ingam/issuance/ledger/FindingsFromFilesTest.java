package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.ledger.LedgerWorld.Issued;
import dev.ingam.wire.Serial;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every finding, produced on a ledger's own files: left, copied, cut, zeroed, changed, put back.
class FindingsFromFilesTest {
  @TempDir Path root;
  private LedgerWorld world;

  @BeforeEach
  void open() throws IOException {
    world = new LedgerWorld(root, new MemoryBookDirectory());
    world.open();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Finding lookup(Serial serial) {
    return world.ledger().lookup(serial, world.digest());
  }

  // ---- killed and restarted on the same boot

  @Test
  void killed_losesNothing() {
    var plain = world.issue(false);
    var single = world.issue(true);
    var used = world.issue(true);
    world.redeem(used);
    var revoked = world.issue(false);
    world.ledger().revoke(revoked.serial());
    world.killAndOpen();
    assertThat(world.redeem(plain)).isEqualTo(Finding.ISSUED);
    assertThat(world.redeem(used)).isEqualTo(Finding.REDEEMED);
    assertThat(world.lookup(revoked)).isEqualTo(Finding.REVOKED);
    assertThat(lookup(plain.serial())).isEqualTo(Finding.ALTERED);
    assertThat(world.redeem(single)).isEqualTo(Finding.ISSUED);
    world.killAndOpen();
    assertThat(world.redeem(single)).isEqualTo(Finding.REDEEMED);
  }

  @Test
  void killed_slotsWithoutEntry() {
    world.issue(false);
    var voidBelow = world.ledger().reserve();
    world.ledger().cancel(voidBelow);
    world.issue(false);
    world.settle();
    var voidAbove = world.ledger().reserve();
    world.ledger().cancel(voidAbove);
    var reserved = world.ledger().reserve();
    var never = new SerialKeys(world.serialKeys).serial(reserved.book(), reserved.slot() + 1);
    var outside = new SerialKeys(world.serialKeys).serial(reserved.book(), LedgerWorld.SLOTS);
    assertThat(List.of(voidBelow, voidAbove, reserved, never, outside))
        .allSatisfy(each -> assertThat(lookup(each)).isEqualTo(Finding.NEVER_ENTERED));
    world.kill();
    world.open();
    assertThat(lookup(voidBelow)).isEqualTo(Finding.VOID);
    assertThat(List.of(reserved, never, outside))
        .allSatisfy(each -> assertThat(lookup(each)).isEqualTo(Finding.UNRECORDED));
  }

  @Test
  void closed_isSealedAndRedeemedFrom() {
    var single = world.issue(true);
    var voided = world.ledger().reserve();
    world.ledger().cancel(voided);
    world.ledger().close();
    world.boot = "boot-2";
    world.open();
    assertThat(lookup(voided)).isEqualTo(Finding.VOID);
    assertThat(world.redeem(single)).isEqualTo(Finding.ISSUED);
    world.killAndOpen();
    assertThat(world.redeem(single)).isEqualTo(Finding.REDEEMED);
    var behind = new SerialKeys(world.serialKeys).serial(single.serial().book(), 2);
    assertThat(lookup(behind)).isEqualTo(Finding.UNRECORDED);
  }

  // ---- another boot

  @Test
  void rebooted_singleUseIsDoubtfulForGood() {
    var plain = world.issue(false);
    var single = world.issue(true);
    var used = world.issue(true);
    world.redeem(used);
    world.settle();
    world.rebootAndOpen();
    for (int start = 0; start < 2; start++) {
      assertThat(world.redeem(plain)).isEqualTo(Finding.ISSUED);
      assertThat(world.ledger().redeem(plain.serial(), plain.digest(), true))
          .isEqualTo(Finding.SINGLE_USE_DOUBT);
      assertThat(world.redeem(single)).isEqualTo(Finding.SINGLE_USE_DOUBT);
      assertThat(world.lookup(single)).isEqualTo(Finding.SINGLE_USE_DOUBT);
      assertThat(world.lookup(used)).isEqualTo(Finding.REDEEMED);
      assertThat(lookup(single.serial())).isEqualTo(Finding.ALTERED);
      world.killAndOpen();
    }
    var fresh = world.issue(true);
    assertThat(world.redeem(fresh)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void rebooted_afterRestartInTheOldBoot_isDoubtfulToo() {
    var single = world.issue(true);
    world.ledger().close();
    world.open();
    assertThat(world.redeem(single)).isEqualTo(Finding.ISSUED);
    world.rebootAndOpen();
    world.overwrite(single.serial(), 31, (byte) SlotWord.ENTERED);
    assertThat(world.redeem(single)).isEqualTo(Finding.SINGLE_USE_DOUBT);
  }

  @Test
  void powerLost_belowTheMarkIsKnown_aboveIsDoubt() throws IOException {
    var below = world.issue(false);
    world.settle();
    var snapshot = root.resolve("snapshot");
    LedgerWorld.copy(world.folder.books(), snapshot);
    var above = world.issue(false);
    world.kill();
    // The disk has what the last completed sync forced, and nothing later.
    LedgerWorld.copy(snapshot, world.folder.books());
    world.boot = "boot-2";
    Files.delete(world.folder.position());
    writePosition(below.serial().book(), 1, 1, 0);
    world.open();
    assertThat(world.lookup(below)).isEqualTo(Finding.ISSUED);
    assertThat(world.lookup(above)).isEqualTo(Finding.UNRECORDED);
  }

  // ---- damage

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 15, 16, 23, 24, 27, 28, 29, 30})
  void changedByte_isDamage(int at) {
    var token = world.issue(true);
    byte[] slot = world.slot(token.serial());
    world.overwrite(token.serial(), at, (byte) (slot[at] ^ 1));
    assertDamagedNowAndLater(token);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {SlotWord.EMPTY, SlotWord.RESERVED, SlotWord.CLAIMED, SlotWord.VOID, 0x3D, 0xFF})
  void changedState_isDamage(int state) {
    var token = world.issue(true);
    world.settle();
    world.overwrite(token.serial(), 31, (byte) state);
    assertDamagedNowAndLater(token);
  }

  @Test
  void zeroedBelowTheMark_isDamage() {
    var token = world.issue(true);
    world.settle();
    world.overwrite(token.serial(), 0, new byte[Slots.BYTES]);
    assertDamagedNowAndLater(token);
  }

  @Test
  void zeroedAboveTheMark_isDamageWhileTheProcessLives() {
    var token = world.issue(true);
    world.overwrite(token.serial(), 0, new byte[Slots.BYTES]);
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
  }

  @Test
  void writtenBackToReserved_isNoProof() {
    var token = world.issue(true);
    byte[] reserved = new byte[Slots.BYTES];
    reserved[31] = SlotWord.RESERVED;
    world.overwrite(token.serial(), 0, reserved);
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
  }

  @Test
  void entryMovedToAnotherSlot_isDamage() {
    var token = world.issue(false);
    var other = world.issue(false);
    var next = new SerialKeys(world.serialKeys).serial(token.serial().book(), 2);
    world.overwrite(other.serial(), 0, world.slot(token.serial()));
    world.overwrite(next, 0, world.slot(token.serial()));
    var copied = new Issued(next, token.digest());
    assertThat(world.lookup(new Issued(other.serial(), token.digest()))).isEqualTo(Finding.DAMAGED);
    assertThat(world.lookup(copied)).isEqualTo(Finding.DAMAGED);
    assertThat(world.lookup(token)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void slotNotEmptyAhead_bookIsLeftAndTheLedgerGoesOn() {
    var token = world.issue(false);
    var next = new SerialKeys(world.serialKeys).serial(token.serial().book(), 1);
    world.overwrite(next, 0, world.slot(token.serial()));
    var later = world.issue(false);
    assertThat(later.serial().book()).isNotEqualTo(token.serial().book());
    assertThat(world.lookup(later)).isEqualTo(Finding.ISSUED);
    assertThat(world.lookup(token)).isEqualTo(Finding.ISSUED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 12, 23, 31, 47, 60})
  void changedHeader_isDamage(int at) {
    var token = world.issue(false);
    world.kill();
    LedgerWorld.overwrite(world.book(token.serial().book()), at, (byte) 0x7E);
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
    assertThat(world.alarmed("book_damaged")).isTrue();
  }

  @Test
  void bothConditionsChanged_isDamage_oneIsNot() {
    var token = world.issue(false);
    world.settle();
    world.kill();
    var file = world.book(token.serial().book());
    LedgerWorld.overwrite(file, 64, new byte[64]);
    LedgerWorld.overwrite(file, 128, new byte[64]);
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
  }

  @Test
  void anotherBooksFileInItsPlace_isDamage() throws IOException {
    var first = world.issue(false);
    world.ledger().close();
    world.open();
    var second = world.issue(false);
    world.kill();
    Files.copy(
        world.book(second.serial().book()),
        world.book(first.serial().book()),
        StandardCopyOption.REPLACE_EXISTING);
    world.open();
    assertThat(world.lookup(first)).isEqualTo(Finding.DAMAGED);
    assertThat(world.lookup(second)).isEqualTo(Finding.ISSUED);
  }

  private void assertDamagedNowAndLater(Issued token) {
    var intact = world.issue(false);
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
    assertThat(world.redeem(token)).isEqualTo(Finding.DAMAGED);
    world.ledger().maintain();
    assertThat(world.alarmed("book_damaged")).isTrue();
    assertThat(world.ledger().status().books()).anyMatch(book -> book.damaged());
    world.settle();
    world.killAndOpen();
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
    assertThat(world.lookup(intact)).isEqualTo(Finding.ISSUED);
  }

  // ---- missing, cut, foreign, dropped

  @Test
  void missingFile_isIncomplete() throws IOException {
    var token = world.issue(false);
    world.kill();
    Files.delete(world.book(token.serial().book()));
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
    assertThat(world.alarmed("book_incomplete")).isTrue();
  }

  @Test
  void shortFile_isIncomplete() throws IOException {
    var token = world.issue(false);
    world.kill();
    cut(world.book(token.serial().book()), Slots.at(LedgerWorld.SLOTS) - 1);
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
  }

  @Test
  void fileCutWhileOpen_isIncompleteAndTheProcessLives() throws IOException {
    var token = world.issue(false);
    cut(world.book(token.serial().book()), 0);
    assertThat(world.lookup(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
    assertThat(world.redeem(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
    assertThat(world.alarmed("book_incomplete")).isTrue();
    assertThat(world.ledger().show(token.serial())).isEmpty();
  }

  @Test
  void missingJournal_verdictsStay() throws IOException {
    var token = world.issue(false);
    world.kill();
    Files.delete(world.journal(token.serial().book()));
    world.open();
    assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    assertThat(world.ledger().show(token.serial()).orElseThrow().row()).isEmpty();
  }

  @Test
  void anotherNodesBook_isForeign() {
    var token = world.issue(false);
    world.ledger().close();
    world.node = "node-2";
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.FOREIGN_BOOK);
    assertThat(world.ledger().revoke(token.serial())).isEqualTo(Finding.FOREIGN_BOOK);
  }

  @Test
  void unknownBook_fromAnotherDirectory() {
    var elsewhere = new SerialKeys(world.serialKeys).serial(12345, 0);
    assertThat(lookup(elsewhere)).isEqualTo(Finding.UNKNOWN_BOOK);
  }

  @Test
  void expiredAndRetained_thenDropped() {
    var token = world.issue(false);
    world.ledger().close();
    world.open();
    world.clock.advance(Duration.ofHours(20));
    world.ledger().maintain();
    assertThat(world.lookup(token)).isEqualTo(Finding.EXPIRED);
    assertThat(lookup(token.serial())).isEqualTo(Finding.ALTERED);
    world.clock.advance(Duration.ofHours(5));
    world.ledger().maintain();
    assertThat(world.lookup(token)).isEqualTo(Finding.UNKNOWN_BOOK);
    assertThat(world.book(token.serial().book())).doesNotExist();
    assertThat(world.journal(token.serial().book())).doesNotExist();
    world.killAndOpen();
    assertThat(world.lookup(token)).isEqualTo(Finding.UNKNOWN_BOOK);
    assertThat(world.ledger().status().alarms()).isEmpty();
  }

  // ---- put back from a copy

  @Test
  void ledgerFolderPutBack_isIncompleteForGood() throws IOException {
    var early = world.issue(true);
    world.settle();
    var copy = root.resolve("copy");
    LedgerWorld.copy(world.folder.books(), copy);
    assertThat(world.redeem(early)).isEqualTo(Finding.ISSUED);
    var late = world.issue(false);
    world.settle();
    world.settle();
    world.kill();
    LedgerWorld.copy(copy, world.folder.books());
    for (int start = 0; start < 3; start++) {
      world.open();
      assertThat(world.redeem(early)).isEqualTo(Finding.INCOMPLETE_BOOK);
      assertThat(world.lookup(late)).isEqualTo(Finding.INCOMPLETE_BOOK);
      var fresh = world.issue(true);
      assertThat(world.redeem(fresh)).isEqualTo(Finding.ISSUED);
      world.kill();
    }
    world.open();
  }

  @Test
  void folderPutBackAfterRedemptionsAlone_isIncomplete() throws IOException {
    var token = world.issue(true);
    world.settle();
    var copy = root.resolve("copy");
    LedgerWorld.copy(world.folder.books(), copy);
    assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    world.settle();
    world.settle();
    world.kill();
    LedgerWorld.copy(copy, world.folder.books());
    world.open();
    assertThat(world.redeem(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
    assertThat(world.alarmed("ledger_behind")).isTrue();
  }

  @Test
  void directoryAndFolderPutBack_isIncomplete() throws IOException {
    var token = world.issue(true);
    world.ledger().close();
    var copy = root.resolve("copy");
    LedgerWorld.copy(world.folder.books(), copy);
    var rows = world.directory.books().rows();
    world.open();
    assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    world.kill();
    var old = new MemoryBookDirectory();
    rows.forEach(old::add);
    LedgerWorld.copy(copy, world.folder.books());
    try (var restored = new LedgerWorld(root, old)) {
      restored.open();
      assertThat(restored.redeem(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
      assertThat(restored.alarmed("ledger_behind")).isTrue();
    }
    world.open();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"format\":\"ingam-ledger-position-2\",\"book\":\"00000001\",\"generation\":1,\"count\":0,\"beat\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"0000001\",\"generation\":1,\"count\":0,\"beat\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"0000000G\",\"generation\":1,\"count\":0,\"beat\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"00000001\",\"generation\":0,\"count\":0,\"beat\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"00000001\",\"generation\":1,\"count\":-1,\"beat\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"00000001\",\"generation\":1,\"count\":99999999,\"beat\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"00000001\",\"generation\":1,\"count\":0}",
        "{\"format\":\"ingam-ledger-position-1\",\"book\":\"00000001\",\"generation\":1,\"count\":0,\"beat\":1.5}"
      })
  void unreadablePosition_isDoubtAboutAll(String text) throws IOException {
    assertThat(PositionFile.parse(text.getBytes(StandardCharsets.UTF_8))).isNull();
    var token = world.issue(false);
    world.kill();
    Files.writeString(world.folder.position(), text);
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
    assertThat(world.lookup(world.issue(false))).isEqualTo(Finding.ISSUED);
  }

  @Test
  void absentPosition_isDoubtAboutUsedBooks() throws IOException {
    var token = world.issue(false);
    world.kill();
    Files.delete(world.folder.position());
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.INCOMPLETE_BOOK);
  }

  // ---- keys and locks

  @Test
  void newEpoch_oldSerialsStayAuthentic() {
    var token = world.issue(false);
    world.kill();
    world.serialKeys = List.of(LedgerWorld.key(2), LedgerWorld.key(1));
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.ISSUED);
    assertThat(lookup(token.serial())).isEqualTo(Finding.ALTERED);
    var stranger = new SerialKeys(List.of(LedgerWorld.key(3))).serial(token.serial().book(), 0);
    assertThat(lookup(stranger)).isEqualTo(Finding.FABRICATED);
    var fresh = world.issue(false);
    assertThat(fresh.serial().check())
        .isEqualTo(
            new SerialKeys(List.of(LedgerWorld.key(2)))
                .serial(fresh.serial().book(), fresh.serial().slot())
                .check());
  }

  @Test
  void wrappedKeyChanged_isDamage() {
    var token = world.issue(false);
    world.kill();
    var good = world.wrapper;
    world.wrapper =
        new BookKeyWrapper() {
          @Override
          public byte[] wrap(String context, byte[] secret) {
            return good.wrap(context, secret);
          }

          @Override
          public byte[] unwrap(String context, byte[] wrapped) {
            byte[] secret = good.unwrap(context, wrapped);
            secret[20] ^= 1;
            return secret;
          }
        };
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.DAMAGED);
  }

  @Test
  void secondLedgerOnTheFolder_isRefused() {
    var second = world.options();
    var secrets = new LedgerSecrets(world.serialKeys, world.wrapper, new SecureRandom());
    assertThatThrownBy(
            () -> MappedLedger.open(world.folder, secrets, world.directory, world.clock, second))
        .isInstanceOfSatisfying(
            IssuanceException.class,
            e -> assertThat(e.kind()).isEqualTo(IssuanceException.Kind.ALREADY_SERVED));
    assertThat(world.lookup(world.issue(false))).isEqualTo(Finding.ISSUED);
  }

  @Test
  void unfinishedBooks_goAtTheNextStart() throws IOException {
    world.kill();
    var rows = world.directory.books().rows();
    var unused = rows.getLast();
    Files.move(
        world.book(unused.number()),
        world.book(unused.number()).resolveSibling(BookRow.name(unused.number()) + ".book.new"));
    Files.createFile(world.folder.books().resolve("0badcafe.book.new"));
    world.open();
    assertThat(Arrays.stream(Optional.ofNullable(world.folder.books().toFile().list()).get()))
        .noneMatch(name -> name.endsWith(".new") && name.startsWith("0badcafe"));
    assertThat(world.directory.books().rows()).noneMatch(row -> row.number() == unused.number());
    assertThat(world.ledger().status().alarms()).isEmpty();
  }

  private void writePosition(int book, long generation, int count, long beat) throws IOException {
    Files.write(
        world.folder.position(),
        PositionFile.bytes(new PositionFile.Position(book, generation, count, beat)));
  }

  private static void cut(Path file, long length) throws IOException {
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(length);
    }
  }
}
