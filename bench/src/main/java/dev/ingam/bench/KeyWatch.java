package dev.ingam.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// How long a stolen key stays in the public key set after its first forgery was sent; and how long
/// the key set itself, which stands on another listener than what is flooded, was waited for.
final class KeyWatch {
  private static final Duration BETWEEN = Duration.ofMillis(20);
  private static final long PATIENCE_SECONDS = 60;

  private final HttpClient http;
  private final HttpRequest keySet;
  private final String kid;
  private final FutureTask<Double> gone = new FutureTask<>(this::secondsUntilGone);
  private final DoubleAccumulator longest = new DoubleAccumulator(Math::max, 0);
  private final LongAdder asked = new LongAdder();
  private volatile boolean over;
  // Owned by the thread of the rounds.
  private boolean begun;

  KeyWatch(ServerProcess server, HttpClient http, String kid) {
    this.http = http;
    this.keySet = HttpRequest.newBuilder(server.publicUri("/oauth2/jwks")).build();
    this.kid = kid;
  }

  /// The first forgery comes now; later calls mean nothing.
  void begin() {
    if (!begun) {
      begun = true;
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            gone.run();
            askOn();
          });
    }
  }

  private double secondsUntilGone() throws Exception {
    var begin = System.nanoTime();
    while (isPublished()) {
      Thread.sleep(BETWEEN);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private void askOn() {
    try {
      while (!over) {
        isPublished();
        Thread.sleep(BETWEEN);
      }
    } catch (IOException | BenchException e) {
      longest.accumulate(Double.POSITIVE_INFINITY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isPublished() throws IOException, InterruptedException {
    var begin = System.nanoTime();
    var answer = http.send(keySet, BodyHandlers.ofString());
    longest.accumulate((System.nanoTime() - begin) / 1e9);
    asked.increment();
    if (answer.statusCode() != 200) {
      throw new BenchException("expected the key set, came status " + answer.statusCode());
    }
    return answer.body().contains(kid);
  }

  /// Seconds of the slowest answer until now; nobody asks any more.
  ///
  /// @throws BenchException when one failed
  double longestWait() {
    over = true;
    var seconds = longest.get();
    if (Double.isInfinite(seconds) || seconds == 0) {
      throw new BenchException("The key set was not answered during the flood");
    }
    return seconds;
  }

  long asked() {
    return asked.sum();
  }

  /// @throws BenchException when the key was never replaced
  double seconds() throws InterruptedException {
    try {
      return gone.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException("The stolen key did not leave the public key set", e);
    }
  }
}
