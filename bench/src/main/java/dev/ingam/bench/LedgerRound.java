package dev.ingam.bench;

import com.sun.management.ThreadMXBean;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.ledger.LedgerFolder;
import dev.ingam.issuance.ledger.LedgerOptions;
import dev.ingam.issuance.ledger.LedgerSecrets;
import dev.ingam.issuance.ledger.MappedLedger;
import dev.ingam.issuance.ledger.MemoryBookDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One round of the ledger: a new one in a new folder, filled and redeemed.
///
/// @param heapBytes of live objects, more while all tokens lived than before there was a ledger
/// @param garbageBytes that the measured thread allocated
/// @param entryBytes that a token has in its book's file
/// @param lagNanos until everything entered was on the disk, after the last redemption
record LedgerRound(
    int tokens, Nanos nanos, long heapBytes, long garbageBytes, double entryBytes, long lagNanos) {
  private static final long MAINTENANCE_MILLIS = 1_000;

  /// What stands in a book's file before its slots: `docs/spec/ledger-format.md`.
  private static final int BOOK_HEADER_BYTES = 4096;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /// Of all tokens; what was redeemed one by one and in batches were halves and is doubled.
  record Nanos(long enter, long single, long batched) {}

  /// What is reported of a round.
  enum Value {
    PAIRS,
    PAIRS_SINGLY,
    ENTERS,
    REDEEMS,
    REDEEMS_SINGLY,
    HEAP_BYTES,
    GARBAGE_BYTES,
    ENTRY_BYTES,
    LAG_SECONDS;

    double of(LedgerRound round) {
      return switch (this) {
        case PAIRS -> round.rate(round.nanos.enter + round.nanos.batched);
        case PAIRS_SINGLY -> round.rate(round.nanos.enter + round.nanos.single);
        case ENTERS -> round.rate(round.nanos.enter);
        case REDEEMS -> round.rate(round.nanos.batched);
        case REDEEMS_SINGLY -> round.rate(round.nanos.single);
        case HEAP_BYTES -> (double) round.heapBytes / round.tokens;
        case GARBAGE_BYTES -> (double) round.garbageBytes / round.tokens;
        case ENTRY_BYTES -> round.entryBytes;
        case LAG_SECONDS -> round.lagNanos / 1e9;
      };
    }
  }

  private double rate(long taken) {
    return tokens * 1e9 / taken;
  }

  static LedgerRound run(Path folder, LedgerOptions options, Population population, Clock clock)
      throws Exception {
    var books = Files.createDirectories(folder.resolve("books"));
    var ledgerFolder = new LedgerFolder(books, folder.resolve("ledger-position.json"));
    var before = LiveHeap.bytes();
    try (var ledger =
        MappedLedger.open(ledgerFolder, secrets(), new MemoryBookDirectory(), clock, options)) {
      var over = new CountDownLatch(1);
      var maintenance = Thread.ofPlatform().daemon().start(() -> maintain(ledger, over));
      try {
        return measure(ledger, population, before, options, books);
      } finally {
        over.countDown();
        maintenance.join();
      }
    }
  }

  private static LedgerRound measure(
      Ledger ledger, Population population, long before, LedgerOptions options, Path books)
      throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var garbage = threads.getCurrentThreadAllocatedBytes();
    var enter = population.enterAll(ledger);
    garbage = threads.getCurrentThreadAllocatedBytes() - garbage;
    var heap = LiveHeap.bytes() - before;
    population.shuffle();
    var more = threads.getCurrentThreadAllocatedBytes();
    var single = 2 * population.redeemSingly(ledger);
    var batched = 2 * population.redeemInBatches(ledger);
    garbage += threads.getCurrentThreadAllocatedBytes() - more;
    var lag = waitForSync(ledger);
    return new LedgerRound(
        population.size(),
        new Nanos(enter, single, batched),
        heap,
        garbage,
        entryBytes(books, options),
        lag);
  }

  private static double entryBytes(Path books, LedgerOptions options) throws IOException {
    try (var files = Files.newDirectoryStream(books, "*.book")) {
      var book = files.iterator();
      if (!book.hasNext()) {
        throw new BenchException("The ledger made no file *.book in " + books);
      }
      return (double) (Files.size(book.next()) - BOOK_HEADER_BYTES) / options.bookSlots();
    }
  }

  private static long waitForSync(Ledger ledger) throws InterruptedException {
    var begin = System.nanoTime();
    while (!ledger.status().syncLag().isZero()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new BenchException("The ledger did not catch up with its sync in a minute");
      }
      Thread.sleep(5);
    }
    return System.nanoTime() - begin;
  }

  /// As the server does each second. Never interrupted: that would close the file it writes.
  private static void maintain(Ledger ledger, CountDownLatch over) {
    try {
      do {
        ledger.maintain();
      } while (!over.await(MAINTENANCE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static LedgerSecrets secrets() {
    var random = new SecureRandom();
    var serialKey = new byte[16];
    random.nextBytes(serialKey);
    return new LedgerSecrets(List.of(serialKey), new NoWrapping(), random);
  }
}
