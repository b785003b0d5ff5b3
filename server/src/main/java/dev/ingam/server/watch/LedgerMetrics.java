package dev.ingam.server.watch;

import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.ledger.LedgerStatus;
import dev.ingam.issuance.ledger.LedgerStatus.BookStatus;
import dev.ingam.issuance.ledger.LedgerStatus.Condition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// The issuance ledger and its books.
final class LedgerMetrics implements Metrics.Part {
  private static final double NANOS = 1e9;

  private final Ledger ledger;

  LedgerMetrics(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void bind(MeterRegistry registry) {
    for (var condition : Condition.values()) {
      Gauge.builder(
              "ingam.ledger.books",
              ledger,
              each -> books(each, book -> book.condition() == condition))
          .description("Books whose files are open")
          .tag("condition", condition.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    gauge(
        registry,
        "ingam.ledger.entries",
        "Slots of these books that were handed out",
        status -> status.books().stream().mapToLong(BookStatus::used).sum());
    gauge(
        registry,
        "ingam.ledger.unsynced",
        "Slots of the books in use that a power failure would make doubtful",
        status ->
            status.books().stream()
                .filter(book -> book.condition() == Condition.OPEN)
                .mapToLong(book -> Math.max(0, book.used() - book.mark()))
                .sum());
    gauge(
        registry,
        "ingam.ledger.spare.ready",
        "1 while the next book is prepared",
        status -> status.spareReady() ? 1 : 0);
    books(registry, "ingam.ledger.books.doubtful", "Books in doubt", BookStatus::doubtful);
    books(registry, "ingam.ledger.books.damaged", "Damaged books", BookStatus::damaged);
    Gauge.builder(
            "ingam.ledger.sync.lag", ledger, each -> each.status().syncLag().toNanos() / NANOS)
        .baseUnit("seconds")
        .description("Age of the oldest entry that a power failure would make doubtful")
        .register(registry);
  }

  private void books(
      MeterRegistry registry, String name, String what, Predicate<BookStatus> which) {
    Gauge.builder(name, ledger, each -> books(each, which)).description(what).register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String what, ToDoubleFunction<LedgerStatus> number) {
    Gauge.builder(name, ledger, each -> number.applyAsDouble(each.status()))
        .description(what)
        .register(registry);
  }

  private static long books(Ledger ledger, Predicate<BookStatus> which) {
    return ledger.status().books().stream().filter(which).count();
  }
}
