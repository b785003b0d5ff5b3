package dev.ingam.verifier;

import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// One item on its way to the ledger and back. Either the asker gives up or a sender takes it,
/// never both: a token whose asker was told "unavailable" is not redeemed behind his back while it
/// waits.
final class Question {
  private enum State {
    WAITING,
    SENT,
    ABANDONED
  }

  private final LedgerItem item;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CountDownLatch answered = new CountDownLatch(1);
  private volatile LedgerAnswer answer;

  Question(LedgerItem item) {
    this.item = item;
    this.answer = new LedgerAnswer(item.requestId(), Reason.LEDGER_UNAVAILABLE);
  }

  LedgerItem item() {
    return item;
  }

  /// True when a sender may send it: the asker is still there.
  boolean take() {
    return state.compareAndSet(State.WAITING, State.SENT);
  }

  void answer(LedgerAnswer newAnswer) {
    answer = newAnswer;
    answered.countDown();
  }

  /// Ends the waiting without an answer, which is `ledger_unavailable`.
  void fail() {
    answered.countDown();
  }

  LedgerAnswer await(long millis) {
    try {
      if (!answered.await(millis, TimeUnit.MILLISECONDS)) {
        state.compareAndSet(State.WAITING, State.ABANDONED);
      }
    } catch (InterruptedException e) {
      state.compareAndSet(State.WAITING, State.ABANDONED);
      Thread.currentThread().interrupt();
    }
    return answer;
  }
}
