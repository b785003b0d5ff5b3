package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Watches from outside what becomes of a stolen key: when it has left the public JWK set, and when
/// the first token comes that a key of another store signed. Both are the moments at which the
/// answer was there, so what happened inside happened before.
final class KeyWatch implements AutoCloseable {
  private static final int EVERY_MILLIS = 5;

  private final Stolen key;
  private final HttpCaller http;
  private final URI jwks;
  private final Clock clock;
  private final CountDownLatch over = new CountDownLatch(2);

  /// Each is written by one watching thread.
  private volatile @Nullable Instant gone;

  private volatile @Nullable Instant replaced;
  private volatile @Nullable DrillException failure;
  private volatile boolean open = true;

  /// The key, and who is told and asked about it.
  ///
  /// @param store the keys that lay beside it, itself too: none of them may take its place
  /// @param whenGone is run as soon as the key has left the set
  /// @param freshKid asks for a new token and says which key signed it; null when there was none
  record Stolen(
      String kid, Set<String> store, Runnable whenGone, Supplier<@Nullable String> freshKid) {
    Stolen {
      store = Set.copyOf(store);
    }
  }

  /// What was seen. A null was not seen in all that time.
  record Seen(@Nullable Instant gone, @Nullable Instant replaced) {
    /// When it was first clear that the key signs no more: it leaves the set, and others sign, in
    /// one step, and either may be seen first.
    @Nullable Instant tainted() {
      return gone == null || (replaced != null && replaced.isBefore(gone)) ? replaced : gone;
    }
  }

  KeyWatch(Stolen key, HttpCaller http, URI publicListener, Clock clock) {
    this.key = key;
    this.http = http;
    this.jwks = publicListener.resolve("/oauth2/jwks");
    this.clock = clock;
  }

  /// Watches from now on: each on a thread of its own, as a token costs more than a look.
  void begin() {
    start("key-set-watch", () -> gone == null, this::lookAtTheSet);
    start("token-watch", () -> replaced == null, this::askForAToken);
  }

  /// Waits until both were seen, or for so long.
  ///
  /// @throws DrillException when the watching itself failed
  Seen seen(Duration patience) {
    try {
      if (!over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        close();
        over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("stopped", e);
    }
    var failed = failure;
    if (failed != null) {
      throw failed;
    }
    return new Seen(gone, replaced);
  }

  /// Ends the watching after what it asks just now.
  @Override
  public void close() {
    open = false;
  }

  private void start(String name, BooleanSupplier goesOn, Runnable look) {
    Thread.ofPlatform().daemon().name(name).start(() -> watch(goesOn, look));
  }

  private void watch(BooleanSupplier goesOn, Runnable look) {
    try {
      while (open && goesOn.getAsBoolean()) {
        look.run();
        IngamServer.pause(EVERY_MILLIS);
      }
    } catch (DrillException e) {
      failure = e;
      close();
    } finally {
      over.countDown();
    }
  }

  private void lookAtTheSet() {
    if (!listed()) {
      gone = clock.instant();
      key.whenGone().run();
    }
  }

  private void askForAToken() {
    var kid = key.freshKid().get();
    if (kid != null && !key.store().contains(kid)) {
      replaced = clock.instant();
    }
  }

  private boolean listed() {
    Json set = http.get(jwks, Map.of()).expect("the public JWK set");
    return set.objects("keys").stream().anyMatch(each -> each.text("kid").equals(key.kid()));
  }
}
