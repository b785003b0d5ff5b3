package dev.ingam.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what many threads ask in batches, over one door and a few threads. An idle thread sends at
/// once what it finds, alone if need be; while all are on the way the queue fills, and the next
/// takes up to 256 together. So batches grow with the load and nobody waits for company.
final class Batcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Batcher.class);
  private static final int MAX_BATCH = 256;

  private final LedgerDoor door;
  private final BlockingQueue<Question> queue;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<Thread> senders;

  Batcher(String name, LedgerDoor door, int threads, int queued) {
    this.door = door;
    this.queue = new ArrayBlockingQueue<>(queued);
    this.senders =
        IntStream.range(0, threads).mapToObj(i -> start("ingam-" + name + "-" + i)).toList();
  }

  /// False when too many wait or the batcher is closed; the question is then not sent.
  boolean offer(Question question) {
    if (closed.get() || !queue.offer(question)) {
      return false;
    }
    if (closed.get()) {
      failWaiting(); // close may have looked at the queue just before
    }
    return true;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      senders.forEach(Thread::interrupt);
      failWaiting();
    }
  }

  private Thread start(String name) {
    var thread = new Thread(this::sendUntilClosed, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void sendUntilClosed() {
    var batch = new ArrayList<Question>(MAX_BATCH);
    while (!closed.get()) {
      try {
        batch.add(queue.take());
        queue.drainTo(batch, MAX_BATCH - 1);
        send(batch);
      } catch (InterruptedException e) {
        break; // closed
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("Ledger batch failed; its tokens are refused");
      } finally {
        batch.forEach(Question::fail);
        batch.clear();
      }
    }
  }

  private void send(List<Question> batch) {
    var live = batch.stream().filter(Question::take).toList();
    if (live.isEmpty()) {
      return;
    }
    var answers = door.ask(live.stream().map(Question::item).toList());
    for (var question : live) {
      var answer = answers.get(question.item().requestId());
      if (answer != null) {
        question.answer(answer);
      }
    }
  }

  private void failWaiting() {
    var waiting = new ArrayList<Question>();
    queue.drainTo(waiting);
    waiting.forEach(Question::fail);
  }
}
