package dev.ingam.issuance.ledger;

import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// An installation with a ledger, for tests: it can be stopped, killed, rebooted, copied and
/// damaged.
final class LedgerWorld implements AutoCloseable {
  static final String NODE = "node-1";
  static final int SLOTS = 64;

  final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  final Path root;
  final LedgerFolder folder;
  final BookDirectory directory;

  Disk disk = new Disk.Real();
  List<byte[]> serialKeys = List.of(key(1));
  BookKeyWrapper wrapper = new PlainWrapper();
  String boot = "boot-1";
  String node = NODE;
  int slots = SLOTS;

  private final AtomicLong digests = new AtomicLong();
  private MappedLedger ledger;

  LedgerWorld(Path root, BookDirectory directory) throws IOException {
    this.root = root;
    this.directory = directory;
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("secrets"));
    folder =
        new LedgerFolder(root.resolve("data/ledger"), root.resolve("secrets/ledger-position.json"));
  }

  static byte[] key(int first) {
    byte[] key = new byte[16];
    key[0] = (byte) first;
    return key;
  }

  LedgerOptions options() {
    return LedgerOptions.of(node, boot).withBookSlots(slots);
  }

  MappedLedger open() {
    var secrets = new LedgerSecrets(serialKeys, wrapper, new SecureRandom());
    ledger =
        LedgerOpening.open(
            folder, secrets, directory, new Surroundings(options(), clock, disk, secrets));
    return ledger;
  }

  MappedLedger ledger() {
    return ledger;
  }

  /// As kill -9 does: the kernel keeps what was written.
  void kill() {
    try {
      ledger.abandon();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MappedLedger killAndOpen() {
    kill();
    return open();
  }

  /// The host goes down and comes up; here the kernel had written everything nevertheless.
  MappedLedger rebootAndOpen() {
    kill();
    boot += "x";
    return open();
  }

  /// A token as the tests know it.
  record Issued(Serial serial, TokenDigest digest) {}

  Issued issue(boolean singleUse) {
    var serial = ledger.reserve();
    var digest = digest();
    ledger.enter(serial, entry(digest, singleUse));
    return new Issued(serial, digest);
  }

  TokenDigest digest() {
    long n = digests.incrementAndGet();
    return new TokenDigest(n * 0x9E3779B97F4A7C15L, n);
  }

  Entry entry(TokenDigest digest, boolean singleUse) {
    long now = clock.instant().getEpochSecond();
    return new Entry(
        digest, now + 300, "kid-a", singleUse, new Holder("member-1", "shop", new byte[16]), now);
  }

  Finding lookup(Issued token) {
    return ledger.lookup(token.serial(), token.digest());
  }

  Finding redeem(Issued token) {
    return ledger.redeem(token.serial(), token.digest(), false);
  }

  /// Everything entered so far is below the mark, and the header that says so is on the disk.
  void settle() {
    ledger.maintain();
    ledger.maintain();
    clock.advance(Duration.ofSeconds(1));
    ledger.maintain();
  }

  Path book(int number) {
    return BookFile.path(folder.books(), number, BookFile.BOOK);
  }

  Path journal(int number) {
    return BookFile.path(folder.books(), number, BookFile.JOURNAL);
  }

  /// Writes these bytes over what stands in the slot, from this byte of it on.
  void overwrite(Serial serial, int from, byte... bytes) {
    overwrite(book(serial.book()), Slots.at(serial.slot()) + from, bytes);
  }

  byte[] slot(Serial serial) {
    try (var channel = FileChannel.open(book(serial.book()), StandardOpenOption.READ)) {
      var bytes = ByteBuffer.allocate(Slots.BYTES);
      channel.read(bytes, Slots.at(serial.slot()));
      return bytes.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void overwrite(Path file, long at, byte... bytes) {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Copies a folder; what was in the target goes.
  static void copy(Path from, Path to) throws IOException {
    delete(to);
    for (Path file : walk(from)) {
      var target = to.resolve(from.relativize(file));
      if (Files.isDirectory(file)) {
        Files.createDirectories(target);
      } else {
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : walk(folder).reversed()) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return new ArrayList<>(files.toList());
    }
  }

  boolean alarmed(String code) {
    return ledger.status().alarms().stream().anyMatch(alarm -> alarm.code().equals(code));
  }

  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
    }
  }
}
