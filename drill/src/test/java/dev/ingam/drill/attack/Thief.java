package dev.ingam.drill.attack;

import dev.ingam.drill.attack.Forger.Forgery;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/// The engineer who left with the signing store and its master key, for tests outside this package.
public final class Thief {
  private final StolenStore store;
  private final Forger forger;

  /// The token is his own, as a customer; he learns the form from it.
  public Thief(StolenStore store, String ownToken, Clock clock) {
    this.store = store;
    this.forger = new Forger(ownToken, clock, new SecureRandom());
  }

  /// Which key he signs with.
  public String kid() {
    return forger.honestKid();
  }

  /// A token of each kind about somebody else, with the key that signed his own.
  public List<String> forgeries(String victim) {
    var key =
        store.open().stream().filter(each -> each.kid().equals(kid())).findFirst().orElseThrow();
    return Arrays.stream(Forgery.values())
        .map(kind -> forger.forge(key, victim, kind, 300))
        .toList();
  }
}
