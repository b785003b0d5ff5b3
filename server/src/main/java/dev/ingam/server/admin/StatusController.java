package dev.ingam.server.admin;

import dev.ingam.issuance.ledger.LedgerStatus;
import dev.ingam.issuance.ledger.LedgerStatus.BookStatus;
import dev.ingam.keys.KeyView;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.KeyState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// How the server is, and what a person should do.
@RestController
@RequestMapping(path = "/admin/status", produces = Reply.JSON)
@Tag(name = "status")
final class StatusController {
  private final About about;
  private final Sources sources;
  private final Clock clock;

  /// What does not change while the server runs.
  record About(
      String version,
      String installation,
      String issuer,
      String cryptoProvider,
      Instant startedAt) {}

  /// Where the rest comes from. Each may fail, and says so as a problem.
  record Sources(
      Supplier<List<Problem>> problems,
      Supplier<List<KeyView>> keys,
      Supplier<LedgerStatus> ledger) {}

  StatusController(About about, Sources sources, Clock clock) {
    this.about = about;
    this.sources = sources;
    this.clock = clock;
  }

  /// @param state ok, or attention: a person is needed
  record Status(
      String state,
      String version,
      String installation,
      String issuer,
      Instant startedAt,
      Instant now,
      List<Problem> problems,
      List<ActiveKey> keys,
      @Nullable LedgerSummary ledger,
      Crypto crypto) {}

  record ActiveKey(
      String set,
      String kid,
      String algorithm,
      String domain,
      @Nullable Instant signsUntil,
      @Nullable String reserveKid) {}

  record LedgerSummary(
      int books,
      long slotsUsed,
      int doubtfulBooks,
      int damagedBooks,
      boolean spareReady,
      long syncLagMillis) {}

  record Crypto(String provider) {}

  @GetMapping
  @Operation(summary = "What is wrong, since when, and what to do next")
  Status status() {
    var now = clock.instant();
    var gathered = new Gathered(now);
    var problems = gathered.get(sources.problems(), "alarms");
    var keys = gathered.get(sources.keys(), "keys");
    var ledger = gathered.get(() -> List.of(sources.ledger().get()), "ledger");
    var all = gathered.with(problems);
    return new Status(
        all.isEmpty() ? "ok" : "attention",
        about.version(),
        about.installation(),
        about.issuer(),
        about.startedAt(),
        now,
        all,
        active(keys),
        ledger.isEmpty() ? null : summary(ledger.getFirst()),
        new Crypto(about.cryptoProvider()));
  }

  private static List<ActiveKey> active(List<KeyView> keys) {
    return keys.stream()
        .filter(key -> key.state() == KeyState.ACTIVE)
        .map(key ->
            new ActiveKey(
                key.set(),
                key.kid(),
                key.algorithm().jose(),
                key.domain(),
                key.signsUntil(),
                reserve(keys, key.set())))
        .toList();
  }

  private static @Nullable String reserve(List<KeyView> keys, String set) {
    return keys.stream()
        .filter(key -> key.set().equals(set) && key.reserve() && key.state() == KeyState.PREPARED)
        .map(KeyView::kid)
        .findFirst()
        .orElse(null);
  }

  private static LedgerSummary summary(LedgerStatus status) {
    var books = status.books();
    return new LedgerSummary(
        books.size(),
        books.stream().mapToLong(BookStatus::used).sum(),
        (int) books.stream().filter(BookStatus::doubtful).count(),
        (int) books.stream().filter(BookStatus::damaged).count(),
        status.spareReady(),
        status.syncLag().toMillis());
  }
}
