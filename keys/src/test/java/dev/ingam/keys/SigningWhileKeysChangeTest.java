package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The promise to who signs: when his key stops to sign under his hands, the active key that he
/// asks for then signs, in a rotation and in an emergency.
class SigningWhileKeysChangeTest {
  private static final int ROTATIONS = 12;

  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  private @TempDir Path folder;
  private volatile boolean open = true;
  private final AtomicLong signed = new AtomicLong();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

  @Test
  void sign_askingOnceMore_neverFails() throws InterruptedException {
    try (var house = TestHouse.started(folder, DATABASE)) {
      var threads =
          IntStream.range(0, 3)
              .mapToObj(each -> Thread.ofPlatform().start(() -> run(house)))
              .toList();
      for (int i = 0; i < ROTATIONS; i++) {
        house.keys.rotate("access", true, "test");
      }
      house.keys.condemn(house.activeKid(), "theft_proof", "test");
      house.keys.condemn(house.activeKid(), "theft_proof", "test");
      open = false;
      for (var thread : threads) {
        thread.join();
      }
    }
    assertThat(failures).isEmpty();
    assertThat(signed.get()).isPositive();
  }

  private void run(TestHouse house) {
    while (open) {
      try {
        sign(house);
        signed.incrementAndGet();
      } catch (KeysException e) {
        failures.add(e);
      }
    }
  }

  private static void sign(TestHouse house) {
    try {
      house.sign();
    } catch (KeysException e) {
      if (e.code() != Code.NOT_ACTIVE) {
        throw e;
      }
      house.sign();
    }
  }
}
