package dev.ingam.verifier;

import dev.ingam.wire.LedgerState;
import dev.ingam.wire.LedgerStateReading;
import dev.ingam.wire.TrustLevel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for `/ledger/state` each second, on one daemon thread, so that a revocation is known within
/// about a second even where the ledger answers slowly. The last good state stays when none comes,
/// with no end: it only ever refuses, and the ledger is asked in any case. [#age()] says how old it
/// is. What is lowered in it ([#trust]) counts for ten seconds after the server last said so. The
/// thread ends with [#close()].
public final class PolledLedgerState implements LedgerStateSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PolledLedgerState.class);
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final long PERIOD_MILLIS = 1000;
  private static final long TRUSTED_MILLIS = 10_000;

  private record Held(LedgerState state, @Nullable String tag, long millis) {}

  private final URI address;
  private final BearerSource bearer;
  private final Http http;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /// Written by the thread alone.
  private volatile @Nullable Held held;

  /// Owned by the thread.
  private boolean failing;

  /// Starts to ask.
  ///
  /// @param internal the server's internal address, for example `http://127.0.0.1:8422`
  public PolledLedgerState(URI internal, BearerSource bearer, HttpClient client, Clock clock) {
    this.address = URI.create(internal.toString().replaceFirst("/$", "") + "/ledger/state");
    this.bearer = bearer;
    this.http = new Http(client, DEADLINE, LedgerState.MAX_BYTES);
    this.clock = clock;
    this.thread = new Thread(this::askUntilClosed, "ingam-ledger-state");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public @Nullable LedgerState current() {
    var last = held;
    return last == null ? null : last.state;
  }

  @Override
  public TrustLevel trust(String audience) {
    var last = held;
    var now = clock.millis();
    return last == null || now < last.millis || now - last.millis > TRUSTED_MILLIS
        ? TrustLevel.REQUIRED
        : last.state.trust(audience, Math.floorDiv(now, 1000L));
  }

  /// How long ago the server last confirmed the state; empty before the first.
  public Optional<Duration> age() {
    var last = held;
    return last == null
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(0, clock.millis() - last.millis)));
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void askUntilClosed() {
    try {
      do {
        askSafely();
      } while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // closed
    }
  }

  /// Whatever a server, or the bearer, does: it is asked again.
  private void askSafely() {
    try {
      var problem = ask();
      if (problem != null && !failing && closed.getCount() > 0) {
        log.atWarn()
            .addKeyValue("address", address)
            .addKeyValue("detail", problem)
            .log("Ledger state not fetched; the last one stays, and it is asked each second");
      }
      failing = problem != null;
    } catch (RuntimeException e) {
      failing = true;
      log.atError().setCause(e).log("Ledger state not fetched; it is asked again");
    }
  }

  /// What went wrong; null when the state is confirmed.
  private @Nullable String ask() {
    var token = bearer.current();
    if (token == null && bearer.isRequired()) {
      return "expected a caller token, had none";
    }
    var last = held;
    var answer = http.send(request(token, last));
    if (answer == null) {
      return "expected an answer within " + DEADLINE.toSeconds() + " s and 512 KiB";
    }
    if (answer.statusCode() == 401 && token != null) {
      bearer.refused(token);
    }
    if (answer.statusCode() == 304 && last != null) {
      held = new Held(last.state, last.tag, clock.millis());
      return null;
    }
    return answer.statusCode() == 200
        ? read(answer)
        : "expected status 200, came " + answer.statusCode();
  }

  private @Nullable String read(HttpResponse<byte[]> answer) {
    var reading = LedgerState.read(answer.body());
    if (!(reading instanceof LedgerStateReading.Read read)) {
      return ((LedgerStateReading.Unreadable) reading).detail();
    }
    held = new Held(read.state(), answer.headers().firstValue("ETag").orElse(null), clock.millis());
    return null;
  }

  private HttpRequest request(@Nullable String token, @Nullable Held last) {
    var request = HttpRequest.newBuilder(address).header("Accept", "application/json");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (last != null && last.tag != null) {
      request.header("If-None-Match", last.tag);
    }
    return request.build();
  }
}
