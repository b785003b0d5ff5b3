package dev.ingam.keys;

import java.time.Instant;

/// That a person has taken up the condemnation of a domain, and why its alarms may end.
record Acknowledgement(String domain, Instant at, String actor, String why) {
  /// No two of a domain have one: a row that does not hold stands in no other's way.
  String id() {
    return domain + " " + at;
  }
}
