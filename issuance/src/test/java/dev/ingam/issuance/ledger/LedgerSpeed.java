package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;

/// Measures the ledger as served: `LedgerSpeed <folder> <live tokens> <rounds> [synced]`. A main
/// for whoever changes the hot path; the figures that count come from `bench`.
final class LedgerSpeed {
  private final MappedLedger ledger;
  private final int live;
  private final long[] places;
  private final long[] checks;
  private final long seed = 42;
  private final Holder holder = new Holder("member-1000001", "shop", new byte[16]);
  private final long now = Clock.systemUTC().instant().getEpochSecond();

  private LedgerSpeed(MappedLedger ledger, int live) {
    this.ledger = ledger;
    this.live = live;
    places = new long[live];
    checks = new long[live];
  }

  public static void main(String[] args) throws Exception {
    var folder = Files.createDirectories(Path.of(args[0]));
    boolean synced = args.length > 3;
    var options = LedgerOptions.of("node-1", "boot");
    var secrets = new LedgerSecrets(List.of(new byte[16]), new PlainWrapper(), new SecureRandom());
    var ledger =
        MappedLedger.open(
            new LedgerFolder(folder, null),
            secrets,
            new MemoryBookDirectory(),
            Clock.systemUTC(),
            synced ? options : options.withoutSyncAndJournal());
    try (ledger) {
      var speed = new LedgerSpeed(ledger, Integer.parseInt(args[1]));
      for (int round = 0; round < Integer.parseInt(args[2]); round++) {
        speed.round();
      }
      System.out.println(ledger.status());
    }
  }

  private void round() {
    long start = nanos();
    for (int i = 0; i < live; i++) {
      var serial = ledger.reserve();
      long place = (long) serial.book() << 32 | serial.slot();
      ledger.enter(serial, new Entry(digest(place), now + 3000, "kid-1", true, holder, now));
      places[i] = place;
      checks[i] = serial.check();
    }
    long entered = nanos();
    shuffle();
    long redeeming = nanos();
    int issued = 0;
    int batch = Integer.getInteger("batch", 1);
    for (int i = 0; i < live; i++) {
      if (batch > 1 && i % batch == 0) {
        for (int j = i; j < Math.min(live, i + batch); j++) {
          ledger.expect(new Serial((int) (places[j] >>> 32), (int) places[j], checks[j]));
        }
      }
      var serial = new Serial((int) (places[i] >>> 32), (int) places[i], checks[i]);
      issued += ledger.redeem(serial, digest(places[i]), true) == Finding.ISSUED ? 1 : 0;
    }
    long end = nanos();
    long nanos = entered - start + end - redeeming;
    System.out.printf(
        "issued %d enter %.2f M/s redeem %.2f M/s pairs %.2f M/s%n",
        issued, live * 1e3 / (entered - start), live * 1e3 / (end - redeeming), live * 1e3 / nanos);
  }

  private void shuffle() {
    var order = new SplittableRandom(seed);
    if (Boolean.getBoolean("inOrder")) {
      return;
    }
    for (int i = live - 1; i > 0; i--) {
      int j = order.nextInt(i + 1);
      long place = places[i];
      places[i] = places[j];
      places[j] = place;
      long check = checks[i];
      checks[i] = checks[j];
      checks[j] = check;
    }
  }

  /// Time of this thread on the processor: what others do on the machine does not count.
  private static long nanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static TokenDigest digest(long i) {
    return new TokenDigest(i * 0x9E3779B97F4A7C15L, i * 0xC2B2AE3D27D4EB4FL);
  }
}
