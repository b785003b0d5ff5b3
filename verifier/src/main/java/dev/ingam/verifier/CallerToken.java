package dev.ingam.verifier;

import dev.ingam.wire.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The five-minute token with which a service calls the server's internal doors: fetched by client
/// credentials when first needed, renewed by one thread in the last fifth of its life while the
/// others use what there is. A failed fetch is repeated after a second at the earliest, and so is
/// one whose token is refused at once.
public final class CallerToken implements BearerSource {
  /// The audience of the internal doors.
  public static final String AUDIENCE = "urn:ingam:internal";

  private static final Logger log = LoggerFactory.getLogger(CallerToken.class);
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final int MAX_BYTES = 64 * 1024;
  private static final long RETRY_MILLIS = 1000;
  private static final long MAX_SECONDS = 3600;

  private record Held(String token, long from, long renewAt, long expiresAt) {
    boolean isGood(long now) {
      return now >= from && now < expiresAt;
    }
  }

  private final URI tokenEndpoint;
  private final ClientCredential credential;
  private final String scope;
  private final Http http;
  private final Clock clock;

  // Held during a fetch; guards the two below, of which the first is read without it.
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Held held;
  private @Nullable Long failedAt;

  /// `scope` is what the doors ask for: `ingam:ledger` for a verifier.
  public CallerToken(
      URI tokenEndpoint,
      ClientCredential credential,
      String scope,
      HttpClient client,
      Clock clock) {
    this.tokenEndpoint = tokenEndpoint;
    this.credential = credential;
    this.scope = scope;
    this.http = new Http(client, DEADLINE, MAX_BYTES);
    this.clock = clock;
  }

  @Override
  public @Nullable String current() {
    var now = clock.millis();
    var known = held;
    if (known != null && known.isGood(now)) {
      if (now >= known.renewAt && fetching.tryLock()) {
        renewLocked(known);
      }
    } else {
      fetching.lock();
      renewLocked(known);
    }
    var best = held;
    return best != null && best.isGood(clock.millis()) ? best.token : null;
  }

  @Override
  public void refused(String token) {
    fetching.lock();
    try {
      var known = held;
      if (known != null
          && known.token.equals(token)
          && clock.millis() - known.from >= RETRY_MILLIS) {
        held = null;
      }
    } finally {
      fetching.unlock();
    }
  }

  /// Releases the lock that the caller took.
  private void renewLocked(@Nullable Held known) {
    try {
      var now = clock.millis();
      var pausing = failedAt != null && now >= failedAt && now - failedAt < RETRY_MILLIS;
      if (!Objects.equals(held, known) || pausing) {
        return;
      }
      var fresh = fetch(now);
      failedAt = fresh == null ? (Long) now : null;
      if (fresh != null) {
        held = fresh;
      }
    } finally {
      fetching.unlock();
    }
  }

  private @Nullable Held fetch(long now) {
    var answer = http.send(request());
    if (answer == null) {
      return failed("expected an answer within " + DEADLINE.toSeconds() + " s and 64 KiB");
    }
    var json = JsonObject.read(answer.body());
    if (answer.statusCode() != 200 || json == null) {
      var error = json == null ? null : json.string("error");
      return failed("expected status 200, came " + answer.statusCode() + ", error " + error);
    }
    var token = json.string("access_token");
    var seconds = json.number("expires_in");
    var type = json.string("token_type");
    if (token == null || !isToken(token) || type == null || !type.equalsIgnoreCase("Bearer")) {
      return failed("expected access_token and token_type Bearer");
    }
    if (seconds == null || seconds < 1) {
      return failed("expected expires_in of one second at least");
    }
    var life = 1000 * Math.min(seconds, MAX_SECONDS);
    return new Held(token, now, now + life * 4 / 5, now + life);
  }

  private HttpRequest request() {
    var proof = credential.proof(clock.instant());
    var form = new TreeMap<>(proof.form());
    form.put("grant_type", "client_credentials");
    form.put("audience", AUDIENCE);
    form.put("scope", scope);
    var request =
        HttpRequest.newBuilder(tokenEndpoint)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
    proof.headers().forEach(request::header);
    return request.POST(HttpRequest.BodyPublishers.ofString(encoded(form))).build();
  }

  private @Nullable Held failed(String detail) {
    log.atWarn()
        .addKeyValue("address", tokenEndpoint)
        .addKeyValue("detail", detail)
        .log("Caller token not fetched");
    return null;
  }

  /// It goes into a header, so it must be one word.
  private static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
