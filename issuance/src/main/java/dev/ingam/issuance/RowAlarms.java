package dev.ingam.issuance;

import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.route.Routes;
import dev.ingam.keys.Alarm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Alarms for rows that grant power and that this authority did not write.
final class RowAlarms {
  private RowAlarms() {}

  static List<Alarm> of(Clients clients, Routes routes) {
    var alarms = new ArrayList<Alarm>();
    clients.broken().forEach((id, since) -> alarms.add(client(id, since)));
    routes.broken().forEach((id, since) -> alarms.add(route(id, since)));
    routes.setBrokenSince().ifPresent(since -> alarms.add(setAlarm(since)));
    return alarms;
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

  private static Alarm setAlarm(Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the set of routes was changed in the database; the gate answers every request with 503",
        "find out who can write to the database, then remove all routes and add them anew");
  }
}
