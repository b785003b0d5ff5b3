package dev.ingam.server.admin;

import dev.ingam.keys.Alarm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that needs a person.
///
/// @param code stable, in lower case
/// @param doNext what to type or do
public record Problem(String code, @Nullable Instant since, String what, String doNext) {
  static Problem of(Alarm alarm) {
    return new Problem(alarm.code(), alarm.since(), Sentence.of(alarm.what()), alarm.doNext());
  }
}
