package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopWithInputTest {
  @Test
  void stop_whenTheInputEndsAndNotBefore() throws IOException, InterruptedException {
    var stopped = new CountDownLatch(1);
    try (var parent = new PipedOutputStream()) {
      new StopWithInput(new PipedInputStream(parent), stopped::countDown).begin();
      parent.write('x');
      parent.flush();
      assertThat(stopped.getCount()).isEqualTo(1);
    }
    assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
