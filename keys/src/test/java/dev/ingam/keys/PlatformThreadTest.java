package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PlatformThreadTest {
  private static <T> T onAVirtualThread(Supplier<T> work) throws Exception {
    var task = new FutureTask<>(work::get);
    Thread.ofVirtual().start(task);
    return task.get();
  }

  private static Throwable thrownBy(Runnable work) {
    try {
      work.run();
    } catch (Throwable thrown) {
      return thrown;
    }
    throw new AssertionError("expected something thrown");
  }

  @Test
  void call_onAVirtualThread_worksOnThePlatform() throws Exception {
    boolean virtual =
        onAVirtualThread(() -> PlatformThread.call(() -> Thread.currentThread().isVirtual()));
    assertThat(virtual).isFalse();
  }

  @Test
  void call_onThePlatform_staysWhereItIs() {
    assertThat(PlatformThread.call(Thread::currentThread)).isSameAs(Thread.currentThread());
  }

  @Test
  void whatTheWorkThrows_isThrown() throws Exception {
    for (var thrown : new Throwable[] {new IllegalStateException("x"), new AssertionError("y")}) {
      var caught = onAVirtualThread(() -> thrownBy(() -> PlatformThread.call(() -> raise(thrown))));
      assertThat(caught).isSameAs(thrown);
    }
  }

  private static boolean raise(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  @Test
  void callerInterrupted_waitsForTheWorkAndStaysInterrupted() throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var result =
        new FutureTask<>(() -> {
          var done =
              PlatformThread.call(() -> {
                begun.countDown();
                return await(interrupted);
              });
          return done + " " + Thread.currentThread().isInterrupted();
        });
    var caller = Thread.ofVirtual().start(result);
    begun.await();
    caller.interrupt();
    interrupted.countDown();
    assertThat(result.get()).isEqualTo("done true");
  }

  private static String await(CountDownLatch latch) {
    try {
      latch.await();
      return "done";
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }
}
