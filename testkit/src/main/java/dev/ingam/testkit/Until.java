package dev.ingam.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waiting for a condition with a deadline, in place of a sleep.
public final class Until {
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private Until() {}

  /// Waits until the condition holds; fails with `what` when it does not within the deadline. An
  /// exception of the condition ends the wait.
  public static void isTrue(String what, Duration deadline, Callable<Boolean> condition) {
    get(what, deadline, condition, Boolean::booleanValue);
  }

  /// Asks again until the answer is good, and answers it.
  public static <T> T get(String what, Duration deadline, Callable<T> question, Predicate<T> good) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      T answer = ask(what, question);
      if (good.test(answer)) {
        return answer;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "waited " + deadline + " in vain: " + what + "; last answer: " + answer);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static <T> T ask(String what, Callable<T> question) {
    try {
      return question.call();
    } catch (Exception e) {
      throw new AssertionError("failed while waiting: " + what, e);
    }
  }
}
