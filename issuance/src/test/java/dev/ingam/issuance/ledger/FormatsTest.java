package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The bytes of slot, header and journal as `docs/spec/ledger-format.md` gives them, and readers
/// that take nothing on trust.
class FormatsTest {
  private static final int BOOK = 0x0A0B0C0D;
  private static final BookKey KEY = new BookKey(counting(32));
  private static final SerialKeys SERIALS = new SerialKeys(List.of(counting(16)));
  private static final BookRow ROW =
      new BookRow(
          BOOK,
          "node-1",
          7,
          Instant.parse("2026-11-23T09:00:00Z"),
          "boot-1",
          new byte[32],
          4,
          BookRow.State.OPEN,
          0,
          null,
          null,
          1);

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static String hex(MemorySegment segment) {
    return HexFormat.of().formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void serial_isBookSlotAndCheck() {
    var serial = SERIALS.serial(BOOK, 3);
    assertThat(serial.check())
        .isEqualTo(new SipHash(counting(16)).ofBytes(HexFormat.of().parseHex("0a0b0c0d00000003")));
    assertThat(SERIALS.authentic(serial)).isTrue();
  }

  @Test
  void slot_isDigestTagExpiryWord() {
    var serial = SERIALS.serial(BOOK, 1);
    var file = MemorySegment.ofArray(new long[(int) Slots.at(4) / 8]);
    var slots = new Slots(file, 4);
    int word = SlotWord.entered(0x0102, true);
    long tag = KEY.entryTag(serial, 0x1112131415161718L, 0x2122232425262728L, 0x6A000001, word);
    slots.write(1, 0x1112131415161718L, 0x2122232425262728L, tag, 0x6A000001);
    slots.publish(1, word);
    String body =
        "11121314151617182122232425262728" + hexOf(tag) + "6a000001" + "0102" + "01" + "3c";
    assertThat(hex(file.asSlice(4096 + 32, 32))).isEqualTo(body);
    String tagged =
        HexFormat.of().formatHex(new byte[] {0x0A, 0x0B, 0x0C, 0x0D, 0, 0, 0, 1})
            + hexOf(serial.check())
            + "11121314151617182122232425262728"
            + "6a000001"
            + "0102"
            + "01";
    assertThat(tag).isEqualTo(new SipHash(counting(16)).ofBytes(HexFormat.of().parseHex(tagged)));
    assertThat(KEY.voidTag(serial))
        .isEqualTo(
            new SipHash(counting(16))
                .ofBytes(HexFormat.of().parseHex("0a0b0c0d00000001" + hexOf(serial.check()))));
  }

  private static String hexOf(long value) {
    return HexFormat.of().toHexDigits(value);
  }

  @Test
  void states_differInFourBits() {
    int[] states = {
      SlotWord.EMPTY,
      SlotWord.RESERVED,
      SlotWord.CLAIMED,
      SlotWord.ENTERED,
      SlotWord.REDEEMED,
      SlotWord.REVOKED,
      SlotWord.VOID
    };
    for (int one : states) {
      assertThat(IntStream.of(states).filter(other -> other != one))
          .allMatch(other -> Integer.bitCount(one ^ other) >= 4);
    }
  }

  @Test
  void condition_everyChangedByteIsSeen() {
    byte[] bytes = new byte[BookHeader.BYTES];
    var header = new BookHeader(MemorySegment.ofArray(bytes), KEY);
    header.identify(ROW);
    var older = condition(1, 5);
    var newer = condition(2, 9);
    header.write(older);
    header.write(newer);
    assertThat(header.identifies(ROW)).isTrue();
    assertThat(header.condition().mark()).isEqualTo(9);
    for (int at = 64; at < 128; at++) {
      bytes[at] ^= 0x20;
      assertThat(header.condition().mark()).as("byte %d", at).isEqualTo(5);
      bytes[at] ^= 0x20;
    }
    for (int at = 0; at < 64; at++) {
      bytes[at] ^= 0x20;
      assertThat(header.identifies(ROW)).as("byte %d", at).isFalse();
      bytes[at] ^= 0x20;
    }
    System.arraycopy(bytes, 64, bytes, 128, 64);
    assertThat(header.condition().mark()).isEqualTo(9);
    Arrays.fill(bytes, 64, 192, (byte) 0);
    assertThat(header.condition()).isNull();
  }

  private static BookHeader.Condition condition(long sequence, int mark) {
    return new BookHeader.Condition(
        sequence, Names.hash("boot"), mark, true, BookHeader.Trust.DOUBTFUL, 3, 0x6A000001);
  }

  @Test
  void kids_untilTheTableIsFull() {
    byte[] bytes = new byte[BookHeader.BYTES];
    var header = new BookHeader(MemorySegment.ofArray(bytes), KEY);
    var kids = new Kids(header);
    var names = new ArrayList<String>();
    for (int i = 0; i < BookHeader.KIDS; i++) {
      names.add("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X" + (char) ('0' + i));
      assertThat(kids.index(names.get(i))).isEqualTo(i);
    }
    assertThat(kids.index(names.getFirst())).isZero();
    assertThat(header.kids()).containsExactlyElementsOf(names);
    assertThat(kids.index("one-more")).isEqualTo(Kids.FULL);
    bytes[192 + 64 * 10 + 5] ^= 1;
    assertThat(header.kids()).containsExactlyElementsOf(names.subList(0, 10));
  }

  @Test
  void journalRow_bytes() {
    var file = MemorySegment.ofArray(new byte[(int) Journal.at(4)]);
    var journal = new Journal(file, 4);
    journal.identify(ROW);
    assertThat(journal.identifies(ROW)).isTrue();
    var entry =
        new Entry(
            new TokenDigest(1, 2),
            0x6A00012CL,
            "kid",
            true,
            new Holder("회원-1", "shop", counting(16)),
            0x6A000000L);
    journal.put(2, Journal.row(SERIALS.serial(BOOK, 2), entry, 3));
    String row = hex(file.asSlice(64 + 2 * 160, 160));
    assertThat(row.substring(8))
        .startsWith(
            "01030003"
                + "0a0b0c0d00000002"
                + hexOf(SERIALS.serial(BOOK, 2).check())
                + "00000000000000010000000000000002"
                + "6a0000006a00012c"
                + "000102030405060708090a0b0c0d0e0f"
                + "0804"
                + "ed9a8cec9b902d31"
                + "73686f70"
                + "0000");
    var read = journal.row(2).orElseThrow();
    assertThat(read.holder().subject()).isEqualTo("회원-1");
    assertThat(read.holder().session()).isEqualTo(counting(16));
    assertThat(read.kidIndex()).isEqualTo(3);
    assertThat(read.singleUse()).isTrue();
    assertThat(journal.row(1)).isEmpty();
    assertThat(journal.row(4)).isEmpty();
    assertThat(journal.row(-1)).isEmpty();
    assertThat(journal.blank(1)).isTrue();
    assertThat(journal.blank(2)).isFalse();
  }

  @Test
  void journalRow_longestFits_andEveryChangedByteIsSeen() {
    byte[] bytes = new byte[(int) Journal.at(1)];
    var journal = new Journal(MemorySegment.ofArray(bytes), 1);
    var holder = new Holder("s".repeat(48), "c".repeat(40), null);
    var entry =
        new Entry(new TokenDigest(-1, -1), 0xFFFF_FFFFL, "kid", false, holder, 0xFFFF_FFFEL);
    journal.put(0, Journal.row(new Serial(-1, 0, -1), entry, 60));
    assertThat(journal.row(0).orElseThrow().holder().client()).hasSize(40);
    for (int at = Journal.HEADER_BYTES; at < bytes.length; at++) {
      bytes[at] ^= 1;
      assertThat(journal.row(0)).as("byte %d", at).isEmpty();
      bytes[at] ^= 1;
    }
  }

  @Test
  void journalRow_randomBytes_neverThrow() {
    var random = new Random(11);
    byte[] row = new byte[Journal.ROW_BYTES];
    for (int i = 0; i < 20_000; i++) {
      random.nextBytes(row);
      assertThat(Journal.read(row)).isNull();
    }
    assertThat(Journal.read(new byte[3])).isNull();
  }

  @Test
  void shelf_findsEachAmongNumbersThatCollide() {
    var shelf = Shelf.of(List.of());
    var numbers = IntStream.range(0, 200).map(i -> i << 8).toArray();
    for (int number : numbers) {
      shelf = shelf.with(new Volume.Unreadable(row(number), Finding.FOREIGN_BOOK));
    }
    for (int number : numbers) {
      assertThat(shelf.find(number).number()).isEqualTo(number);
      assertThat(shelf.find(number + 1)).isNull();
    }
    for (int number : numbers) {
      shelf = shelf.without(shelf.find(number));
      assertThat(shelf.find(number)).isNull();
    }
    assertThat(shelf.volumes()).isEmpty();
  }

  private static BookRow row(int number) {
    return new BookRow(
        number,
        "node-1",
        1,
        Instant.EPOCH,
        "b",
        new byte[1],
        1,
        BookRow.State.OPEN,
        0,
        null,
        null,
        1);
  }

  @Test
  void records_checkThemselves() {
    assertThatThrownBy(() -> new Holder("s".repeat(49), "c", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Holder("", "c", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Holder("회".repeat(17), "c", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Holder("s", "c", new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
    var holder = new Holder("s", "c", null);
    assertThat(holder.toString()).doesNotContain("s,");
    assertThatThrownBy(() -> new Entry(new TokenDigest(1, 1), 5, "k", false, holder, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Entry(new TokenDigest(1, 1), 1L << 32, "k", false, holder, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LedgerOptions.of("n", "b").withBookSlots(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> row(1).sealed(2, new byte[32], Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> row(1).sealed(1, new byte[31], Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
