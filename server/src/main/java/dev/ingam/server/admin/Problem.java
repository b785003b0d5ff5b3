package dev.ingam.server.admin;

import dev.ingam.keys.Alarm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that needs a person.
///
/// @param code stable, in lower case
/// @param doNext what to type or do
/// @param runbook the page about this code, in the project's folder
public record Problem(
    String code, @Nullable Instant since, String what, String doNext, String runbook) {
  Problem(String code, @Nullable Instant since, String what, String doNext) {
    this(code, since, what, doNext, "docs/runbook/" + code + ".md");
  }

  static Problem of(Alarm alarm) {
    return new Problem(alarm.code(), alarm.since(), Sentence.of(alarm.what()), alarm.doNext());
  }
}
