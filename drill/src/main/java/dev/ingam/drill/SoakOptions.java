package dev.ingam.drill;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the soak was asked to run.
record SoakOptions(int minutes, long seed, boolean json, @Nullable Path workFolder) {
  static final String USAGE =
      """
      Usage: ingam soak [--minutes N] [--seed N] [-o table|json] [--work-dir FOLDER]
      Mixed load on a server of its own that is killed, whose database is killed, restarted and silenced, and whose clock is put forward and back.
      Needs Linux and libfaketime (apt install libfaketime).
        --minutes N        1 to 1440 (default 30)
        --seed N           order and times of the troubles (default: a new one, printed)
        -o table|json      what to print: for people (default), or one JSON object
        --work-dir FOLDER  keep everything there, logs too: an empty folder, or a new one (default: a temporary folder, deleted at the end)
      """;

  private static final int MAX_MINUTES = 1_440;

  /// What the arguments say.
  sealed interface Reading {
    record Run(SoakOptions options) implements Reading {}

    record Help() implements Reading {}

    record Wrong(String why) implements Reading {}
  }

  /// @param newSeed when none is said
  static Reading read(List<String> arguments, long newSeed) {
    var rest = new ArrayDeque<>(arguments);
    var options = new SoakOptions(30, newSeed, false, null);
    while (!rest.isEmpty()) {
      var word = rest.pop();
      if (word.equals("--help") || word.equals("-h")) {
        return new Reading.Help();
      }
      var value = rest.poll();
      if (value == null) {
        return new Reading.Wrong("expected an option and its value, came " + word);
      }
      var next = options.with(word, value);
      if (next == null) {
        return new Reading.Wrong("expected the options below, came " + word + " " + value);
      }
      options = next;
    }
    return new Reading.Run(options);
  }

  private @Nullable SoakOptions with(String name, String value) {
    return switch (name) {
      case "--minutes" -> withMinutes(value);
      case "--seed" ->
          value.matches("-?[0-9]{1,18}")
              ? new SoakOptions(minutes, Long.parseLong(value), json, workFolder)
              : null;
      case "-o", "--output" -> withOutput(value);
      case "--work-dir" ->
          value.isBlank() ? null : new SoakOptions(minutes, seed, json, Path.of(value));
      default -> null;
    };
  }

  private @Nullable SoakOptions withMinutes(String value) {
    var number = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
    return number < 1 || number > MAX_MINUTES
        ? null
        : new SoakOptions(number, seed, json, workFolder);
  }

  private @Nullable SoakOptions withOutput(String value) {
    return switch (value) {
      case "table" -> new SoakOptions(minutes, seed, false, workFolder);
      case "json" -> new SoakOptions(minutes, seed, true, workFolder);
      default -> null;
    };
  }
}
