package dev.ingam.keys;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The alarms that stand. They are raised anew at each tick; one that is not raised any more has
/// ended.
final class AlarmBoard {
  private static final Logger LOG = LoggerFactory.getLogger(AlarmBoard.class);

  // Both are guarded by the lock of the life cycle.
  private final Map<String, Instant> since = new HashMap<>();
  private Map<String, Alarm> raised = new TreeMap<>();
  private volatile List<Alarm> standing = List.of();

  List<Alarm> standing() {
    return standing;
  }

  /// @param about what the alarm is about: one stands for each code and subject
  void raise(String code, String about, Instant now, Text text) {
    var id = code + " " + about;
    boolean fresh = since.putIfAbsent(id, now) == null;
    var alarm = new Alarm(code, since.getOrDefault(id, now), text.what(), text.doNext());
    raised.put(id, alarm);
    if (fresh) {
      LOG.atWarn()
          .addKeyValue("alarm", code)
          .addKeyValue("about", about)
          .log("{} To do: {}", text.what(), text.doNext());
    }
  }

  /// Shows what was raised since the last call.
  void show() {
    since.keySet().retainAll(raised.keySet());
    standing = List.copyOf(raised.values());
    raised = new TreeMap<>();
  }

  /// What an alarm says.
  record Text(String what, String doNext) {}
}
