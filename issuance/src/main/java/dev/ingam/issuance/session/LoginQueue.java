package dev.ingam.issuance.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Log-ins on their way into the database. Who comes while a transaction is under way waits, and
/// the next one takes all who wait: a morning of log-ins costs a few commits, not one each.
final class LoginQueue {
  private static final int MAX_BATCH = 256;

  /// One log-in; its fields are owned by [#writing].
  private static final class Waiting {
    final SessionRow row;
    boolean done;
    boolean added;
    @Nullable RuntimeException failure;

    Waiting(SessionRow row) {
      this.row = row;
    }
  }

  private final SessionStore store;
  private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();

  LoginQueue(SessionStore store) {
    this.store = store;
  }

  /// Adds the row and returns when it is committed; false when its subject is withdrawn.
  boolean add(SessionRow row) {
    var mine = new Waiting(row);
    queue.add(mine);
    writing.lock();
    try {
      while (!mine.done) {
        writeBatch();
      }
      if (mine.failure != null) {
        throw mine.failure;
      }
      return mine.added;
    } finally {
      writing.unlock();
    }
  }

  private void writeBatch() {
    var batch = new ArrayList<Waiting>();
    for (var next = queue.poll(); next != null; next = queue.poll()) {
      batch.add(next);
      if (batch.size() == MAX_BATCH) {
        break;
      }
    }
    try {
      var added = new HashSet<>(store.add(batch.stream().map(each -> each.row).toList()));
      batch.forEach(each -> each.added = added.contains(each.row));
    } catch (RuntimeException e) {
      batch.forEach(each -> each.failure = e);
    } finally {
      batch.forEach(each -> each.done = true);
    }
  }
}
