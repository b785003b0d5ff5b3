package dev.ingam.server.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a status together while parts of the server may be down: a part that fails becomes a
/// problem, as the status is asked for exactly then.
final class Gathered {
  private static final Logger LOG = LoggerFactory.getLogger(Gathered.class);

  private final Instant now;
  private final List<Problem> failures = new ArrayList<>();

  Gathered(Instant now) {
    this.now = now;
  }

  /// What the part says; empty when it fails.
  <T> List<T> get(Supplier<List<T>> part, String name) {
    try {
      return part.get();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("part", name).setCause(e).log("A part did not say how it is");
      failures.add(
          new Problem(
              "no_answer_from_part",
              now,
              "The server could not find out how it is with its "
                  + name
                  + ": the database or a disk does not answer.",
              "look into the server's log"));
      return List.of();
    }
  }

  /// These problems and the failures.
  List<Problem> with(List<Problem> problems) {
    var all = new ArrayList<>(failures);
    all.addAll(problems);
    return List.copyOf(all);
  }
}
