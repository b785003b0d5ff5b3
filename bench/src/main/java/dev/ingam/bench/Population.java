package dev.ingam.bench;

import dev.ingam.issuance.ledger.Entry;
import dev.ingam.issuance.ledger.Finding;
import dev.ingam.issuance.ledger.Holder;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.util.Locale;

/// Tokens that live in a ledger at once: entered one after the other, then redeemed in random
/// order, by one thread.
///
/// The digest of a token is made from its serial, as the ledger takes it as given; so the bench
/// holds 16 bytes a token, in columns that are shuffled between the two passes and then read in a
/// row, and what is measured is the ledger's own memory.
final class Population {
  /// Items of a request at the ledger's door; a verifier sends up to 256.
  static final int BATCH = 64;

  private static final int HOLDERS = 1024;
  private static final long LIFETIME_SECONDS = 900;
  private static final String KID = "bench-key-of-the-same-length-as-a-thumbprint";
  private static final int SESSION_BYTES = 16;

  private final long[] places;
  private final long[] checks;
  private final Holder[] holders = new Holder[HOLDERS];
  private final long issuedAt;

  Population(int tokens, long issuedAt) {
    places = new long[tokens];
    checks = new long[tokens];
    this.issuedAt = issuedAt;
    for (int i = 0; i < HOLDERS; i++) {
      holders[i] = new Holder("member-" + (1_000_000 + i), "shop", new byte[SESSION_BYTES]);
    }
  }

  int size() {
    return places.length;
  }

  /// Enters every token; returns the nanoseconds.
  long enterAll(Ledger ledger) {
    var begin = System.nanoTime();
    for (int i = 0; i < places.length; i++) {
      var serial = ledger.reserve();
      var holder = holders[i & (HOLDERS - 1)];
      ledger.enter(
          serial,
          new Entry(digest(serial), issuedAt + LIFETIME_SECONDS, KID, true, holder, issuedAt));
      places[i] = (long) serial.book() << 32 | serial.slot();
      checks[i] = serial.check();
    }
    return System.nanoTime() - begin;
  }

  void shuffle() {
    Shuffle.rows(places, checks);
  }

  /// Redeems the first half of the tokens one by one, as the gate does; returns the nanoseconds.
  ///
  /// @throws BenchException when one was not accepted
  long redeemSingly(Ledger ledger) {
    var begin = System.nanoTime();
    var accepted = redeem(ledger, 0, half());
    return checked(System.nanoTime() - begin, accepted, half());
  }

  /// Redeems the other half in batches, as the ledger's door does; returns the nanoseconds.
  ///
  /// @throws BenchException when one was not accepted
  long redeemInBatches(Ledger ledger) {
    var accepted = 0;
    var begin = System.nanoTime();
    for (int from = half(); from < places.length; from += BATCH) {
      var to = Math.min(places.length, from + BATCH);
      for (int i = from; i < to; i++) {
        ledger.expect(serial(i));
      }
      accepted += redeem(ledger, from, to);
    }
    return checked(System.nanoTime() - begin, accepted, places.length - half());
  }

  private int redeem(Ledger ledger, int from, int to) {
    var accepted = 0;
    for (int i = from; i < to; i++) {
      var serial = serial(i);
      if (ledger.redeem(serial, digest(serial), true) == Finding.ISSUED) {
        accepted++;
      }
    }
    return accepted;
  }

  private int half() {
    return places.length / 2;
  }

  private Serial serial(int i) {
    return new Serial((int) (places[i] >>> 32), (int) places[i], checks[i]);
  }

  private static long checked(long taken, int accepted, int asked) {
    if (accepted != asked) {
      throw new BenchException(
          String.format(
              Locale.ROOT, "The ledger accepted %d of %d tokens that it holds", accepted, asked));
    }
    return taken;
  }

  private static TokenDigest digest(Serial serial) {
    return new TokenDigest(serial.check() * 0x9E37_79B9_7F4A_7C15L, ~serial.check());
  }
}
