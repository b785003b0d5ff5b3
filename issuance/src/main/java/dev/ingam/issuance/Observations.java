package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.AudienceMatch;
import dev.ingam.issuance.audience.Audiences;
import dev.ingam.issuance.audience.Lowering;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenReader;
import dev.ingam.wire.TokenReading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How many tokens were accepted that the ledger would have refused, by audience and reason.
/// Counted in memory, written each second and at the stop: a crash loses a second of them. Numbers
/// for people; nothing follows from them.
public final class Observations {
  /// A lowered level of an audience, told from the next by its beginning, and a reason.
  private record Key(String audience, long since, Reason reason) {}

  private final JdbcClient database;
  private final Audiences audiences;
  private final TokenReader reader = new TokenReader();
  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  /// What the database has. Used by [#flush] alone, by one thread at a time.
  private final Map<Key, Long> written = new HashMap<>();

  Observations(JdbcClient database, Audiences audiences) {
    this.database = database;
    this.audiences = audiences;
    load();
  }

  private void load() {
    database
        .sql("select audience, since, reason, tokens from issuance.observed")
        .query(row -> {
          var reason = Reason.ofCode(row.getString("reason"));
          if (reason != null) {
            var key = new Key(row.getString("audience"), row.getLong("since"), reason);
            written.put(key, row.getLong("tokens"));
            adder(key).add(row.getLong("tokens"));
          }
        });
  }

  private LongAdder adder(Key key) {
    return counts.computeIfAbsent(key, each -> new LongAdder());
  }

  /// Counts a token for its audience, if the audience's level is lowered or was.
  void count(String token, Reason reason) {
    var audience =
        reader.read(token) instanceof TokenReading.Read read
            ? read.token().claims().audience()
            : null;
    var lowered = audience == null ? null : lowered(audience);
    if (audience != null && lowered != null) {
      adder(new Key(audience, lowered.since().getEpochSecond(), reason)).increment();
    }
  }

  private @Nullable Lowering lowered(String audience) {
    return audiences.find(audience) instanceof AudienceMatch.Found(Audience policy)
        ? policy.lowered()
        : null;
  }

  /// What would have been refused since this audience's level was lowered; empty when it is not.
  public Map<Reason, Long> of(Audience audience) {
    var found = new EnumMap<Reason, Long>(Reason.class);
    var lowered = audience.lowered();
    if (lowered != null) {
      var since = lowered.since().getEpochSecond();
      counts.forEach((key, adder) -> {
        if (key.audience().equals(audience.name()) && key.since() == since) {
          found.put(key.reason(), adder.sum());
        }
      });
    }
    return found;
  }

  /// All of them by reason, over every audience and level there was: for metrics.
  public Map<Reason, Long> total() {
    var found = new EnumMap<Reason, Long>(Reason.class);
    counts.forEach((key, adder) -> found.merge(key.reason(), adder.sum(), Long::sum));
    return found;
  }

  /// Writes what was counted. Called each second and at the stop.
  synchronized void flush() {
    for (var each : new ArrayList<>(counts.entrySet())) {
      var key = each.getKey();
      var tokens = each.getValue().sum();
      if (tokens != written.getOrDefault(key, 0L)) {
        write(key, tokens);
        written.put(key, tokens);
      }
    }
  }

  private void write(Key key, long tokens) {
    database
        .sql(
            """
            insert into issuance.observed (audience, since, reason, tokens)
            values (:audience, :since, :reason, :tokens)
            on conflict (audience, since, reason) do update set tokens = excluded.tokens
            """)
        .param("audience", key.audience())
        .param("since", key.since())
        .param("reason", key.reason().code())
        .param("tokens", tokens)
        .update();
  }
}
