package dev.ingam.keys;

import dev.ingam.wire.KeyState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a move of a key would do, in sentences for the person who is about to ask for it. Changes
/// nothing. A move that would be refused is refused here in the same way, with a [KeysException].
public final class KeyForecast {
  private final KeyLifecycle lifecycle;
  private final List<KeySetConfig> sets;
  private final Clock clock;

  public KeyForecast(KeyLifecycle lifecycle, List<KeySetConfig> sets, Clock clock) {
    this.lifecycle = lifecycle;
    this.sets = List.copyOf(sets);
    this.clock = clock;
  }

  public List<String> prepare(String set) {
    var policy = config(set).policy();
    return List.of(
        "A new key of " + set + " is made and published. It signs nothing yet.",
        "It may take over from " + now().plus(policy.publishAhead()) + " on.");
  }

  /// @param now as in [KeyLifecycle#rotate]
  public List<String> rotate(String set, boolean now) {
    var policy = config(set).policy();
    var keys = lifecycle.list();
    var next =
        keys.stream()
            .filter(key -> key.set().equals(set) && waits(key))
            .min(Comparator.comparing(KeyView::createdAt));
    if (next.isPresent()) {
      return takeOver(next.get(), active(keys, set), policy, now);
    }
    if (!now) {
      throw new KeysException(
          KeysException.Code.PUBLISHED_TOO_SHORT,
          "no key of " + set + " waits; prepare one first, or rotate now");
    }
    var effects = new ArrayList<String>();
    effects.add("No key of " + set + " waits, so one is made on the spot. It signs from now on.");
    stops(active(keys, set), policy).ifPresent(effects::add);
    effects.add(refusals(now(), policy));
    return List.copyOf(effects);
  }

  public List<String> activate(KeyView key) {
    if (key.reserve()) {
      throw new KeysException(
          KeysException.Code.RESERVE_KEY,
          "key "
              + key.kid()
              + " is a reserve; only an emergency activates it; prepare another key");
    }
    if (key.state() == KeyState.ACTIVE) {
      return List.of("It signs already. Nothing changes.");
    }
    KeyMove.ACTIVATE.require(key.kid(), key.state());
    return takeOver(key, active(lifecycle.list(), key.set()), config(key.set()).policy(), false);
  }

  public List<String> taint(KeyView key) {
    if (key.state() == KeyState.TAINTED) {
      return List.of("It is tainted already. Nothing changes.");
    }
    if (key.reserve() || key.state() == KeyState.ACTIVE) {
      return condemn(key);
    }
    KeyMove.TAINT.require(key.kid(), key.state());
    return List.of(
        "Key " + key.kid() + " is tainted and its private half destroyed. This cannot be undone.",
        "No other key is touched: it does not sign now.",
        honoured(key));
  }

  public List<String> revoke(KeyView key) {
    if (key.state() == KeyState.REVOKED) {
      return List.of("It is revoked already. Nothing changes.");
    }
    if (key.state() != KeyState.TAINTED) {
      throw new KeysException(
          KeysException.Code.ILLEGAL_MOVE,
          "expected a tainted key, key "
              + key.kid()
              + " is "
              + key.state().wireName()
              + "; taint it first, which keeps honest tokens good: ingam keys taint "
              + key.kid());
    }
    return List.of(
        "Every token that key " + key.kid() + " signed is refused from now on, honest ones too.",
        "Whoever holds one must log in or ask for another. This cannot be undone.");
  }

  /// Who copied one key of a domain copied all of them.
  private List<String> condemn(KeyView key) {
    var keys = lifecycle.list();
    var hit =
        keys.stream()
            .filter(each -> each.domain().equals(key.domain()) && KeyMove.TAINT.from(each.state()))
            .toList();
    var effects = new ArrayList<String>();
    effects.add(
        "Who could copy this key could copy all of custody domain "
            + key.domain()
            + ": it bears no key again. This cannot be undone.");
    effects.add(
        hit.size()
            + " key(s) are tainted and their private halves destroyed: "
            + String.join(", ", hit.stream().map(KeyView::kid).toList())
            + ".");
    for (var set : sets) {
      if (hit.stream()
          .anyMatch(each -> each.set().equals(set.name()) && each.state() == KeyState.ACTIVE)) {
        effects.add(successor(set, key.domain(), keys));
      }
    }
    effects.add(honoured(key));
    return List.copyOf(effects);
  }

  private String successor(KeySetConfig set, String condemned, List<KeyView> keys) {
    var again =
        "verifiers that know only the public key set and refuse its tokens must fetch it again.";
    return keys.stream()
        .filter(each -> each.set().equals(set.name()) && each.reserve())
        .filter(each -> each.state() == KeyState.PREPARED && !each.domain().equals(condemned))
        .findFirst()
        .map(each ->
            "The reserve key "
                + each.kid()
                + " of "
                + each.domain()
                + " signs for "
                + set.name()
                + " from now on; "
                + (published(each).compareTo(set.policy().publishAhead()) < 0
                    ? again
                    : "verifiers know it already."))
        .orElse("There is no reserve for " + set.name() + ": a key is made on the spot; " + again);
  }

  private Duration published(KeyView key) {
    return Duration.between(key.createdAt(), now()).truncatedTo(ChronoUnit.SECONDS);
  }

  private String honoured(KeyView key) {
    var until = now().plus(config(key.set()).policy().verifyFor());
    return "Tokens that we issued stay good until they expire, at the latest "
        + until
        + ", wherever the ledger is asked. Verifiers that know only the public key set refuse them once they fetch it.";
  }

  private List<String> takeOver(
      KeyView next, @Nullable KeyView old, KeyPolicy policy, boolean now) {
    var published = published(next);
    var early = published.compareTo(policy.publishAhead()) < 0;
    if (early && !now && old != null && signs(old)) {
      throw new KeysException(
          KeysException.Code.PUBLISHED_TOO_SHORT,
          "key "
              + next.kid()
              + " was published for "
              + published
              + ", expected "
              + policy.publishAhead()
              + "; verifiers that know only the JWK set may refuse its tokens before; wait, or rotate now");
    }
    var effects = new ArrayList<String>();
    effects.add(
        "Key "
            + next.kid()
            + " signs from now on, until "
            + now().plus(policy.signFor())
            + " at the latest.");
    stops(old, policy).ifPresent(effects::add);
    effects.add(
        early
            ? refusals(next.createdAt(), policy)
            : "It was published for " + published + ", so every verifier knows it.");
    return List.copyOf(effects);
  }

  private Optional<String> stops(@Nullable KeyView old, KeyPolicy policy) {
    return Optional.ofNullable(old)
        .map(key ->
            "Key "
                + key.kid()
                + " signs no more and its private half is destroyed; its tokens stay good until they expire, at the latest "
                + now().plus(policy.verifyFor())
                + ".");
  }

  private static String refusals(Instant publishedAt, KeyPolicy policy) {
    return "Verifiers that know only the public key set and last fetched it before "
        + publishedAt.truncatedTo(ChronoUnit.SECONDS)
        + " may refuse new tokens until they fetch it again: at once if they fetch on an unknown kid, else until "
        + publishedAt.plus(policy.publishAhead()).truncatedTo(ChronoUnit.SECONDS)
        + ". Verifiers that ask the ledger follow at once.";
  }

  /// In whole seconds, as people read it.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private boolean signs(KeyView key) {
    return key.signsUntil() != null && now().isBefore(key.signsUntil());
  }

  private static boolean waits(KeyView key) {
    return key.state() == KeyState.PREPARED && !key.reserve();
  }

  private static @Nullable KeyView active(List<KeyView> keys, String set) {
    return keys.stream()
        .filter(key -> key.set().equals(set) && key.state() == KeyState.ACTIVE)
        .findFirst()
        .orElse(null);
  }

  private KeySetConfig config(String set) {
    return sets.stream()
        .filter(each -> Objects.equals(each.name(), set))
        .findFirst()
        .orElseThrow(() ->
            new KeysException(
                KeysException.Code.NO_SUCH_SET,
                "expected one of the key sets "
                    + sets.stream().map(KeySetConfig::name).toList()
                    + ", came another"));
  }
}
