package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.Audiences;
import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.route.Routes;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.keys.Alarm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Alarms for rows that grant power and that this authority did not write.
final class RowAlarms {
  private RowAlarms() {}

  /// What is read from rows that carry a MAC.
  record Rows(Clients clients, Routes routes, Audiences audiences, Watermarks watermarks) {}

  static List<Alarm> of(Rows rows) {
    var alarms = new ArrayList<Alarm>();
    rows.clients().broken().forEach((id, since) -> alarms.add(client(id, since)));
    rows.routes().broken().forEach((id, since) -> alarms.add(route(id, since)));
    rows.routes()
        .setBrokenSince()
        .ifPresent(since ->
            alarms.add(setAlarm("routes", since, "the gate answers every request with 503")));
    alarms.addAll(of(rows.audiences()));
    rows.watermarks().brokenSince().ifPresent(since -> alarms.add(watermarksAlarm(since)));
    return alarms;
  }

  private static List<Alarm> of(Audiences audiences) {
    var alarms = new ArrayList<Alarm>();
    audiences.broken().forEach((name, since) -> alarms.add(audience(name, since)));
    audiences
        .setBrokenSince()
        .ifPresent(since -> alarms.add(setAlarm("audiences", since, "no audience gets a token")));
    audiences
        .withoutKeySet()
        .forEach((audience, since) -> alarms.add(withoutKeySet(audience, since)));
    return alarms;
  }

  private static Alarm withoutKeySet(Audience audience, Instant since) {
    return new Alarm(
        "audience_without_key_set",
        since,
        "tokens for "
            + audience.name()
            + " are to be signed by the key set "
            + audience.keySet()
            + ", which is not configured; it gets none",
        "configure the key set (ingam.keys.legacy-algorithm), or: ingam audiences delete "
            + audience.name());
  }

  private static Alarm client(String id, Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the row of client "
            + id
            + " was changed, put back or deleted in the database; it is ignored",
        "find out who can write to the database; let its owner delete what is left of the row, then"
            + " make the client anew: ingam clients create "
            + id);
  }

  private static Alarm route(String id, Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the row of route "
            + id
            + " was changed in the database; the gate refuses with 503 what it held",
        "find out who can write to the database, then remove the route and make it anew");
  }

  private static Alarm audience(String name, Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the row of audience " + name + " was changed in the database; it gets no token",
        "find out who can write to the database, then delete the audience and set it anew");
  }

  private static Alarm setAlarm(String what, Instant since, String effect) {
    return new Alarm(
        "row_not_ours",
        since,
        "the set of " + what + " was changed in the database; " + effect,
        "find out who can write to the database, then remove all " + what + " and add them anew");
  }

  private static Alarm watermarksAlarm(Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the watermarks were changed in the database; what was known to be in force stays so, and"
            + " what a start could not know is revoked: `ingam watermarks list`",
        "find out who can write to the database, then restart the server");
  }
}
