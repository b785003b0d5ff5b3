package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Watches the public JWK set from outside until a key has left it.
final class KeyWatch implements AutoCloseable {
  private static final int EVERY_MILLIS = 5;

  private final HttpCaller http;
  private final URI jwks;
  private final String kid;
  private final Clock clock;
  private final Runnable whenGone;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable Instant gone;
  private volatile boolean open = true;

  /// `whenGone` is run as soon as the key has left the set.
  KeyWatch(HttpCaller http, URI publicListener, String kid, Clock clock, Runnable whenGone) {
    this.http = http;
    this.jwks = publicListener.resolve("/oauth2/jwks");
    this.kid = kid;
    this.clock = clock;
    this.whenGone = whenGone;
  }

  /// Watches from now on.
  void begin() {
    Thread.ofPlatform().daemon().name("key-watch").start(this::watch);
  }

  /// When the key was first seen to be gone; null when it is still there after all that patience.
  @Nullable Instant gone(Duration patience) {
    try {
      if (!over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return gone;
  }

  @Override
  public void close() {
    open = false;
  }

  private void watch() {
    try {
      while (open && listed()) {
        Thread.sleep(EVERY_MILLIS);
      }
      if (open) {
        gone = clock.instant();
        whenGone.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DrillException e) {
      gone = null;
    } finally {
      over.countDown();
    }
  }

  private boolean listed() {
    Json set = http.get(jwks, Map.of()).expect("the public JWK set");
    return set.objects("keys").stream().anyMatch(key -> key.text("kid").equals(kid));
  }
}
