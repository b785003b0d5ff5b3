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
    clients.broken().forEach((id, since) -> alarms.add(alarm("client", id, since)));
    routes.broken().forEach((id, since) -> alarms.add(alarm("route", id, since)));
    return alarms;
  }

  private static Alarm alarm(String what, String id, Instant since) {
    return new Alarm(
        "row_not_ours",
        since,
        "the row of " + what + " " + id + " was changed in the database; it is ignored",
        "find out who can write to the database, then make the " + what + " anew");
  }
}
