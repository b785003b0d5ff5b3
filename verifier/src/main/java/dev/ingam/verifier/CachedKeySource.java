package dev.ingam.verifier;

import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import dev.ingam.wire.VerificationKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys from a key set at an address, kept for as long as the server says. A `kid` that the set
/// lacks has it fetched again, at most five times at once and then once a second, whoever asks for
/// how many; one that a fresh set lacks is not asked for again for half a minute. When a fetch
/// fails, the last good set stays. Many that wait for the same fetch wait for one.
public final class CachedKeySource implements KeySource {
  private static final Logger log = LoggerFactory.getLogger(CachedKeySource.class);

  private static final Duration FETCH_DEADLINE = Duration.ofSeconds(3);
  private static final int MAX_BYTES = 256 * 1024;
  private static final Pattern MAX_AGE = Pattern.compile("(?:^|[\\s,])max-age=(\\d{1,9})");
  private static final long DEFAULT_AGE_SECONDS = 300;
  private static final long MIN_AGE_SECONDS = 5;
  private static final long MAX_AGE_SECONDS = 3600;
  private static final long RETRY_MILLIS = 1000;
  private static final long HELD_OVER_MILLIS = 5000;
  private static final int FETCHES_AT_ONCE = 5;
  private static final long MISSING_MILLIS = 30_000;

  private record Snapshot(
      Map<String, VerificationKey> keys, @Nullable String tag, long fetchedAt, long freshFor) {
    boolean isFresh(long now) {
      return now - fetchedAt < freshFor && now >= fetchedAt;
    }

    /// The same keys, for as long as it takes until the next try.
    Snapshot heldOver(long now) {
      return new Snapshot(keys, tag, now, HELD_OVER_MILLIS);
    }
  }

  private final URI address;
  private final BearerSource bearer;
  private final Http http;
  private final Clock clock;
  private final MissingKids missing = new MissingKids(MISSING_MILLIS);

  // Held during a fetch; guards the bucket and the writes of the two below.
  private final ReentrantLock fetching = new ReentrantLock();
  private final TokenBucket bucket;
  private volatile Snapshot snapshot = new Snapshot(Map.of(), null, Long.MIN_VALUE / 2, 0);
  private volatile long attempts;

  public CachedKeySource(URI address, BearerSource bearer, HttpClient client, Clock clock) {
    this.address = address;
    this.bearer = bearer;
    this.http = new Http(client, FETCH_DEADLINE, MAX_BYTES);
    this.clock = clock;
    this.bucket = new TokenBucket(FETCHES_AT_ONCE, RETRY_MILLIS, clock.millis());
  }

  @Override
  public @Nullable VerificationKey find(String kid) {
    var seen = attempts;
    var now = clock.millis();
    var current = snapshot;
    var key = current.keys.get(kid);
    if (key == null) {
      return missing.holds(kid, now) ? null : findUnknown(kid, seen);
    }
    if (current.isFresh(now) || !fetching.tryLock()) {
      return key;
    }
    try {
      refresh(seen);
    } finally {
      fetching.unlock();
    }
    return snapshot.keys.get(kid);
  }

  /// Waits for a fetch that is under way and, if that brought nothing, fetches.
  private @Nullable VerificationKey findUnknown(String kid, long seen) {
    fetching.lock();
    try {
      var found = snapshot.keys.get(kid);
      if (found == null && refresh(seen)) {
        found = snapshot.keys.get(kid);
        if (found == null) {
          missing.add(kid, clock.millis());
        }
      }
      return found;
    } finally {
      fetching.unlock();
    }
  }

  /// Fetches unless someone did since `seen` or the bucket is empty. True when a set came.
  private boolean refresh(long seen) {
    if (attempts != seen || !bucket.take(clock.millis())) {
      return false;
    }
    attempts = seen + 1;
    var fetched = fetch();
    snapshot = fetched == null ? snapshot.heldOver(clock.millis()) : fetched;
    return fetched != null;
  }

  private @Nullable Snapshot fetch() {
    var token = bearer.current();
    var answer = http.send(request(token));
    if (answer == null) {
      return failed("expected an answer within " + FETCH_DEADLINE.toSeconds() + " s and 256 KiB");
    }
    if (answer.statusCode() == 304 && snapshot.tag != null) {
      return new Snapshot(snapshot.keys, snapshot.tag, clock.millis(), freshFor(answer));
    }
    if (answer.statusCode() == 401 && token != null) {
      bearer.refused(token);
    }
    if (answer.statusCode() != 200) {
      return failed("expected status 200, came " + answer.statusCode());
    }
    var reading = KeySet.read(answer.body());
    if (!(reading instanceof KeySetReading.Read read)) {
      return failed(((KeySetReading.Unreadable) reading).detail());
    }
    if (read.keySet().keys().isEmpty()) {
      return failed("expected one key at least");
    }
    var keys =
        read.keySet().keys().stream()
            .collect(Collectors.toUnmodifiableMap(VerificationKey::kid, Function.identity()));
    var tag = answer.headers().firstValue("ETag").orElse(null);
    return new Snapshot(keys, tag, clock.millis(), freshFor(answer));
  }

  private HttpRequest request(@Nullable String token) {
    var request = HttpRequest.newBuilder(address).header("Accept", "application/json");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (snapshot.tag != null) {
      request.header("If-None-Match", snapshot.tag);
    }
    return request.build();
  }

  private @Nullable Snapshot failed(String detail) {
    log.atWarn()
        .addKeyValue("address", address)
        .addKeyValue("keys_kept", snapshot.keys.size())
        .addKeyValue("detail", detail)
        .log("Key set not fetched; the last good one stays");
    return null;
  }

  private static long freshFor(HttpResponse<?> answer) {
    var match = MAX_AGE.matcher(answer.headers().firstValue("Cache-Control").orElse(""));
    var seconds = match.find() ? Long.parseLong(match.group(1)) : DEFAULT_AGE_SECONDS;
    return 1000 * Math.max(MIN_AGE_SECONDS, Math.min(MAX_AGE_SECONDS, seconds));
  }
}
