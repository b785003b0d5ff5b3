package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.testkit.SettableClock;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What every ledger promises. An adapter's test extends it and says how one is opened.
abstract class LedgerContract {
  private static final int THREADS = 8;

  private long digests;

  /// The ledger under test: a minute of skew, books of few slots.
  abstract Ledger ledger();

  /// The clock of the ledger under test.
  abstract SettableClock clock();

  private TokenDigest digest() {
    digests++;
    return new TokenDigest(digests * 0x9E3779B97F4A7C15L, digests);
  }

  private Entry entry(TokenDigest digest, boolean singleUse) {
    long now = clock().instant().getEpochSecond();
    return new Entry(digest, now + 300, "kid-a", singleUse, new Holder("m-1", "shop", null), now);
  }

  private Serial entered(TokenDigest digest, boolean singleUse) {
    var serial = ledger().reserve();
    ledger().enter(serial, entry(digest, singleUse));
    return serial;
  }

  @Test
  void redeem_entered_isIssuedEachTime() {
    var digest = digest();
    var serial = entered(digest, false);
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().redeem(serial, digest, false)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().redeem(serial, digest, false)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void expect_changesNothing() {
    var digest = digest();
    var serial = entered(digest, true);
    ledger().expect(serial);
    ledger().expect(new Serial(serial.book(), -1, 0));
    ledger().expect(new Serial(serial.book() + 1, 0, 0));
    assertThat(ledger().redeem(serial, digest, false)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void redeem_singleUseByEntry_secondTime() {
    var digest = digest();
    var serial = entered(digest, true);
    assertThat(ledger().redeem(serial, digest, false)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().redeem(serial, digest, false)).isEqualTo(Finding.REDEEMED);
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.REDEEMED);
  }

  @Test
  void redeem_singleUseByArgument_isRedeemedForEveryone() {
    var digest = digest();
    var serial = entered(digest, false);
    assertThat(ledger().redeem(serial, digest, true)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().redeem(serial, digest, false)).isEqualTo(Finding.REDEEMED);
  }

  @Test
  void lookup_neverUsesUp() {
    var digest = digest();
    var serial = entered(digest, true);
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.ISSUED);
    assertThat(ledger().redeem(serial, digest, true)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void redeem_otherDigest_isAltered() {
    var digest = digest();
    var serial = entered(digest, true);
    assertThat(ledger().redeem(serial, digest(), true)).isEqualTo(Finding.ALTERED);
    assertThat(ledger().lookup(serial, new TokenDigest(digest.high(), digest.low() ^ 1)))
        .isEqualTo(Finding.ALTERED);
    assertThat(ledger().lookup(serial, new TokenDigest(digest.high() ^ 1, digest.low())))
        .isEqualTo(Finding.ALTERED);
    assertThat(ledger().redeem(serial, digest, true)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void redeem_otherDigestOfUsedToken_isAltered() {
    var digest = digest();
    var serial = entered(digest, true);
    ledger().redeem(serial, digest, true);
    assertThat(ledger().lookup(serial, digest())).isEqualTo(Finding.ALTERED);
    ledger().revoke(serial);
    assertThat(ledger().lookup(serial, digest())).isEqualTo(Finding.ALTERED);
  }

  @Test
  void lookup_inventedSerials_areFabricated() {
    var digest = digest();
    var serial = entered(digest, false);
    var invented =
        List.of(
            new Serial(serial.book(), serial.slot(), serial.check() ^ 1),
            new Serial(serial.book(), serial.slot() + 1, serial.check()),
            new Serial(serial.book() ^ 1, serial.slot(), serial.check()),
            new Serial(serial.book(), -1, serial.check()),
            new Serial(serial.book(), Integer.MAX_VALUE, 0),
            new Serial(0, 0, 0));
    for (var each : invented) {
      assertThat(ledger().lookup(each, digest)).as("%s", each).isEqualTo(Finding.FABRICATED);
      assertThat(ledger().redeem(each, digest, true)).isEqualTo(Finding.FABRICATED);
      assertThat(ledger().revoke(each)).isEqualTo(Finding.FABRICATED);
      assertThat(ledger().show(each)).isEmpty();
    }
    assertThat(ledger().redeem(serial, digest, true)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void lookup_reservedOrVoid_wasNeverEntered() {
    var reserved = ledger().reserve();
    assertThat(ledger().lookup(reserved, digest())).isEqualTo(Finding.NEVER_ENTERED);
    assertThat(ledger().redeem(reserved, digest(), true)).isEqualTo(Finding.NEVER_ENTERED);
    ledger().cancel(reserved);
    assertThat(ledger().lookup(reserved, digest())).isEqualTo(Finding.NEVER_ENTERED);
    assertThat(ledger().revoke(reserved)).isEqualTo(Finding.NEVER_ENTERED);
  }

  @Test
  void enter_whatIsNotReserved_isRefused() {
    var digest = digest();
    var serial = entered(digest, false);
    assertThatThrownBy(() -> ledger().enter(serial, entry(digest(), false)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ledger().cancel(serial)).isInstanceOf(IllegalStateException.class);
    var cancelled = ledger().reserve();
    ledger().cancel(cancelled);
    ledger().cancel(cancelled);
    assertThatThrownBy(() -> ledger().enter(cancelled, entry(digest(), false)))
        .isInstanceOf(IllegalStateException.class);
    var invented = new Serial(serial.book(), serial.slot(), serial.check() + 1);
    assertThatThrownBy(() -> ledger().enter(invented, entry(digest(), false)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.ISSUED);
  }

  @Test
  void revoke_enteredOrRedeemed() {
    var first = digest();
    var entered = entered(first, false);
    assertThat(ledger().revoke(entered)).isEqualTo(Finding.REVOKED);
    assertThat(ledger().revoke(entered)).isEqualTo(Finding.REVOKED);
    assertThat(ledger().redeem(entered, first, true)).isEqualTo(Finding.REVOKED);
    var second = digest();
    var redeemed = entered(second, true);
    ledger().redeem(redeemed, second, true);
    assertThat(ledger().revoke(redeemed)).isEqualTo(Finding.REVOKED);
    assertThat(ledger().lookup(redeemed, second)).isEqualTo(Finding.REVOKED);
  }

  @Test
  void redeem_pastExpiryAndSkew_isExpired() {
    var digest = digest();
    var serial = entered(digest, true);
    var revokedDigest = digest();
    var revoked = entered(revokedDigest, true);
    ledger().revoke(revoked);
    clock().advance(Duration.ofSeconds(360));
    ledger().maintain();
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.ISSUED);
    clock().advance(Duration.ofSeconds(1));
    ledger().maintain();
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.EXPIRED);
    assertThat(ledger().redeem(serial, digest, true)).isEqualTo(Finding.EXPIRED);
    assertThat(ledger().lookup(revoked, revokedDigest)).isEqualTo(Finding.EXPIRED);
    assertThat(ledger().lookup(serial, digest())).isEqualTo(Finding.ALTERED);
  }

  @Test
  void reserved_forFiveSeconds_isVoid() {
    var serial = ledger().reserve();
    ledger().maintain();
    clock().advance(Duration.ofSeconds(4));
    ledger().maintain();
    assertThat(ledger().show(serial).orElseThrow().state()).isEqualTo(EntryView.State.RESERVED);
    clock().advance(Duration.ofSeconds(1));
    ledger().maintain();
    assertThat(ledger().show(serial).orElseThrow().state()).isEqualTo(EntryView.State.VOID);
    assertThatThrownBy(() -> ledger().enter(serial, entry(digest(), false)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void reserve_beyondOneBook_goesOnInTheNext() {
    var issued = new ArrayList<Serial>();
    var digests = new ArrayList<TokenDigest>();
    for (int i = 0; i < 5 * LedgerWorld.SLOTS + 3; i++) {
      digests.add(digest());
      issued.add(entered(digests.get(i), true));
    }
    assertThat(issued.stream().map(Serial::book).distinct().count()).isEqualTo(6);
    assertThat(issued).doesNotHaveDuplicates();
    for (int i = 0; i < issued.size(); i++) {
      assertThat(ledger().redeem(issued.get(i), digests.get(i), false)).isEqualTo(Finding.ISSUED);
    }
  }

  @Test
  void reserve_afterAnHour_beginsABookButOldTokensLive() {
    var digest = digest();
    var serial = entered(digest, false);
    var late = ledger().reserve();
    clock().advance(Duration.ofMinutes(61));
    ledger().maintain();
    var next = ledger().reserve();
    assertThat(next.book()).isNotEqualTo(serial.book());
    assertThat(ledger().lookup(serial, digest)).isEqualTo(Finding.EXPIRED);
    assertThat(ledger().lookup(late, digest)).isEqualTo(Finding.NEVER_ENTERED);
    ledger().cancel(next);
  }

  @Test
  void line_partsWhatWasReservedBeforeFromWhatComesAfter() {
    var entered = entered(digest(), false);
    var reserved = ledger().reserve();

    var line = ledger().drawLine();

    assertThat(ledger().isBefore(entered, line)).isTrue();
    assertThat(ledger().isBefore(reserved, line)).as("entered later, reserved before").isTrue();
    var next = ledger().reserve();
    assertThat(ledger().isBefore(next, line)).isFalse();
    assertThat(ledger().isBefore(next, ledger().drawLine())).isTrue();
    assertThat(ledger().isBefore(new Serial(next.book() ^ 1, 0, 0), line))
        .as("whose book is not at hand")
        .isTrue();
    ledger().cancel(reserved);
    ledger().cancel(next);
  }

  @Test
  void line_holdsOverBooksAndClocksThatArePutBack() {
    var before = new ArrayList<Serial>();
    for (int i = 0; i < 2 * LedgerWorld.SLOTS + 1; i++) {
      before.add(entered(digest(), false));
    }
    var line = ledger().drawLine();
    clock().advance(Duration.ofSeconds(-30));
    var after = new ArrayList<Serial>();
    for (int i = 0; i < 2 * LedgerWorld.SLOTS; i++) {
      after.add(entered(digest(), false));
    }

    assertThat(before).allMatch(serial -> ledger().isBefore(serial, line));
    assertThat(after).noneMatch(serial -> ledger().isBefore(serial, line));
    var ranges = ledger().before(line);
    assertThat(before).allMatch(serial -> ranges.stream().anyMatch(each -> each.holds(serial)));
    assertThat(after).noneMatch(serial -> ranges.stream().anyMatch(each -> each.holds(serial)));
    assertThat(ranges.getFirst().holds(before.getLast())).as("the newest first").isTrue();
  }

  @Test
  void line_whileManyReserve_misplacesNothing() throws Exception {
    var told = new int[2];
    for (int round = 0; round < 8; round++) {
      Map<Serial, Boolean> mustBeBefore = new ConcurrentHashMap<>();
      var drawing = new AtomicBoolean();
      var drawn = new AtomicReference<Line>();
      inParallel(() -> {
        for (int token = 0; token < 60; token++) {
          if (token == 30 && drawing.compareAndSet(false, true)) {
            drawn.set(ledger().drawLine());
          }
          var after = drawn.get() != null;
          var serial = entered(new TokenDigest(token, 1), false);
          var before = !drawing.get();
          if (after || before) {
            mustBeBefore.put(serial, before);
          }
        }
        return Finding.ISSUED;
      });
      mustBeBefore.forEach((serial, before) -> {
        assertThat(ledger().isBefore(serial, drawn.get())).isEqualTo(before);
        told[before ? 1 : 0]++;
      });
    }
    assertThat(told[0]).as("after the line").isPositive();
    assertThat(told[1]).as("before it").isPositive();
  }

  @Test
  void show_tellsStateAndHolder() {
    var digest = digest();
    var serial = entered(digest, true);
    var view = ledger().show(serial).orElseThrow();
    assertThat(view.state()).isEqualTo(EntryView.State.ENTERED);
    assertThat(view.kid()).isEqualTo("kid-a");
    assertThat(view.singleUse()).isTrue();
    assertThat(view.intact()).isTrue();
    assertThat(view.expiresAt()).isEqualTo(clock().instant().plusSeconds(300));
    var row = view.row().orElseThrow();
    assertThat(row.serial()).isEqualTo(serial);
    assertThat(row.digest()).isEqualTo(digest);
    assertThat(row.holder().subject()).isEqualTo("m-1");
    assertThat(row.holder().client()).isEqualTo("shop");
    assertThat(row.holder().session()).isNull();
    ledger().redeem(serial, digest, true);
    assertThat(ledger().show(serial).orElseThrow().state()).isEqualTo(EntryView.State.REDEEMED);
  }

  @Test
  void redeem_oneTokenOnManyThreads_isIssuedOnce() throws Exception {
    for (int round = 0; round < 200; round++) {
      var digest = digest();
      var serial = entered(digest, true);
      var found = inParallel(() -> ledger().redeem(serial, digest, false));
      var counts = new EnumMap<Finding, Integer>(Finding.class);
      found.forEach(each -> counts.merge(each, 1, Integer::sum));
      assertThat(counts).isEqualTo(Map.of(Finding.ISSUED, 1, Finding.REDEEMED, THREADS - 1));
    }
  }

  @Test
  void reserveAndEnter_onManyThreads_loseNothing() throws Exception {
    Map<Serial, TokenDigest> all = new ConcurrentHashMap<>();
    inParallel(() -> {
      for (int i = 0; i < 500; i++) {
        var serial = ledger().reserve();
        var digest = new TokenDigest(serial.check(), i);
        if (i % 7 == 0) {
          ledger().cancel(serial);
        } else {
          ledger().enter(serial, entry(digest, true));
          all.put(serial, digest);
        }
      }
      return Finding.ISSUED;
    });
    assertThat(all).hasSize(THREADS * (500 - 72));
    all.forEach((serial, digest) ->
        assertThat(ledger().redeem(serial, digest, true)).isEqualTo(Finding.ISSUED));
    assertThat(Set.copyOf(all.keySet())).hasSize(all.size());
  }

  @Test
  void closed_refuses() {
    var digest = digest();
    var serial = entered(digest, false);
    ledger().close();
    assertUnavailable(() -> ledger().reserve());
    assertUnavailable(() -> ledger().lookup(serial, digest));
    assertUnavailable(() -> ledger().redeem(serial, digest, true));
    assertUnavailable(() -> ledger().revoke(serial));
    assertUnavailable(() -> ledger().drawLine());
    assertUnavailable(() -> {
      ledger().enter(serial, entry(digest, false));
      return null;
    });
  }

  private static void assertUnavailable(Callable<?> call) {
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(
            IssuanceException.class,
            e -> assertThat(e.kind()).isEqualTo(IssuanceException.Kind.LEDGER_UNAVAILABLE));
  }

  private static List<Finding> inParallel(Callable<Finding> task) throws Exception {
    var barrier = new CyclicBarrier(THREADS);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<Finding>>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(
            executor.submit(() -> {
              barrier.await();
              return task.call();
            }));
      }
      var found = new ArrayList<Finding>();
      for (var future : futures) {
        found.add(future.get());
      }
      return found;
    }
  }
}
