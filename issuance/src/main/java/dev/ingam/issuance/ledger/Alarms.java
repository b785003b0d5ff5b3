package dev.ingam.issuance.ledger;

import dev.ingam.issuance.ledger.LedgerStatus.LedgerAlarm;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What needs a person now, by code; each is logged once when it begins and once when it ends.
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

  private final Clock clock;
  private final ConcurrentHashMap<String, LedgerAlarm> raised = new ConcurrentHashMap<>();

  Alarms(Clock clock) {
    this.clock = clock;
  }

  void raise(String code, String what, String doNext) {
    var alarm = new LedgerAlarm(code, clock.instant(), what, doNext);
    if (raised.putIfAbsent(code, alarm) == null) {
      LOG.atError()
          .addKeyValue("alarm", code)
          .addKeyValue("what", what)
          .addKeyValue("do_next", doNext)
          .log("ledger alarm raised");
    }
  }

  void clear(String code) {
    if (!raised.isEmpty() && raised.remove(code) != null) {
      LOG.atInfo().addKeyValue("alarm", code).log("ledger alarm cleared");
    }
  }

  List<LedgerAlarm> list() {
    return raised.values().stream().sorted(Comparator.comparing(LedgerAlarm::code)).toList();
  }
}
