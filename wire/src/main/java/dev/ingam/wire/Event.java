package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// One change of state, as it is kept for ever: which schema's event table it stands in, its
/// gap-free number there, when, what kind, who caused it, and what it says.
public record Event(
    String schema,
    long seq,
    Instant at,
    String type,
    String actor,
    SortedMap<String, String> body) {
  private static final int MAX_NAME = 128;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  public Event {
    at = at.truncatedTo(ChronoUnit.MICROS);
    body = Collections.unmodifiableSortedMap(new TreeMap<>(body));
    if (seq < 1) {
      throw new IllegalArgumentException("expected an event number from 1, came " + seq);
    }
    if (!AccessToken.isName(schema, MAX_NAME)
        || !AccessToken.isName(type, MAX_NAME)
        || actor.isEmpty()) {
      throw new IllegalArgumentException(
          "expected schema and type of 1 to 128 visible ASCII characters and an actor");
    }
    requireText(actor);
    body.forEach((name, value) -> {
      requireText(name);
      requireText(value);
    });
  }

  /// The one byte form: JSON without white space, members sorted by name at both levels, version 1,
  /// the time in UTC with six decimals.
  public byte[] canonical() {
    var json =
        new JsonWriter()
            .beginObject()
            .member("actor", actor)
            .member("at", MICROS.format(at))
            .name("body")
            .beginObject();
    body.forEach(json::member);
    return json.endObject()
        .member("schema", schema)
        .member("seq", seq)
        .member("type", type)
        .member("v", 1)
        .endObject()
        .toBytes();
  }

  private static void requireText(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("expected text without lone surrogates");
    }
  }
}
