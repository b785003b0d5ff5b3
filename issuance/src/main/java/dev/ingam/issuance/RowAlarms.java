package dev.ingam.issuance;

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

  static List<Alarm> of(Clients clients, Routes routes, Watermarks watermarks) {
    var alarms = new ArrayList<Alarm>();
    clients
        .broken()
        .forEach((id, since) -> alarms.add(alarm("client", id, since, "it is ignored")));
    routes
        .broken()
        .forEach((id, since) ->
            alarms.add(alarm("route", id, since, "the gate refuses with 503 what it held")));
    routes.setBrokenSince().ifPresent(since -> alarms.add(setAlarm(since)));
    watermarks.brokenSince().ifPresent(since -> alarms.add(watermarksAlarm(since)));
    return alarms;
  }

  private static Alarm alarm(String what, String id, Instant since, String effect) {
    return new Alarm(
        "row_not_ours",
        since,
        "the row of " + what + " " + id + " was changed in the database; " + effect,
        "find out who can write to the database, then remove the " + what + " and make it anew");
  }

  private static Alarm setAlarm(Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the set of routes was changed in the database; the gate answers every request with 503",
        "find out who can write to the database, then remove all routes and add them anew");
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
