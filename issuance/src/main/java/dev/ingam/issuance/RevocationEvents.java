package dev.ingam.issuance;

import dev.ingam.keys.row.EventTable;
import dev.ingam.wire.Serial;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// The events of revoked tokens. A revocation is the ledger's and does not wait for a database that
/// is away: its event is written at once when it can be, and otherwise each second until it is.
/// Those that come together share a transaction.
final class RevocationEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationEvents.class);
  private static final int MOST_WAITING = 10_000;
  private static final int PART = 500;

  private record Revoked(Serial serial, String client, String kid) {}

  private final EventTable events;
  private final TransactionTemplate transactions;
  private final LinkedBlockingQueue<Revoked> waiting = new LinkedBlockingQueue<>();
  private final ReentrantLock writing = new ReentrantLock();

  RevocationEvents(EventTable events, TransactionTemplate transactions) {
    this.events = events;
    this.transactions = transactions;
  }

  /// Whether another event may wait. Asked before a token is revoked, so that none goes untold.
  boolean hasRoom() {
    return waiting.size() < MOST_WAITING;
  }

  /// Tells of a token that was revoked; what of it may be told does not name a person.
  void add(Serial serial, String client, String kid) {
    waiting.add(new Revoked(serial, client, kid));
    try {
      flush();
    } catch (DataAccessException | TransactionException e) {
      LOG.atWarn()
          .addKeyValue("cause", e.getClass().getSimpleName())
          .log("The event of a revoked token waits for the database");
    }
  }

  /// Writes what waits. Called each second and at the stop.
  void flush() {
    writing.lock();
    try {
      while (!waiting.isEmpty()) {
        var part = waiting.stream().limit(PART).toList();
        transactions.executeWithoutResult(status -> part.forEach(this::append));
        waiting.drainTo(new ArrayList<>(), part.size());
      }
    } finally {
      writing.unlock();
    }
  }

  private void append(Revoked revoked) {
    events.append(
        "token_revoked",
        revoked.client(),
        Map.of(
            "serial", revoked.serial().toString(),
            "client", revoked.client(),
            "kid", revoked.kid()));
  }
}
