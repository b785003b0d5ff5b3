package dev.ingam.drill;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the demo was asked to run.
record DemoOptions(int accounts, boolean exit, Output output, @Nullable Path workFolder) {
  static final String USAGE =
      """
      Usage: ingam demo [--accounts N] [--exit] [-o text|json] [--work-dir FOLDER]
      Plays the attack of 2025 against a shop behind a gate that checks signatures, and against the same shop behind Ingam.
        --accounts N       members of the shop, 1 to 100000 (default 5000)
        --exit             stop at the end instead of serving on
        -o text|json       what to print: a page for people (default), or one JSON object
        --work-dir FOLDER  keep everything there: an empty folder, or a new one (default: a temporary folder, deleted at the end)
      """;

  private static final int MAX_ACCOUNTS = 100_000;
  private static final List<String> NAMES = List.of("--accounts", "-o", "--output", "--work-dir");

  /// What the result is printed as.
  enum Output {
    TEXT,
    JSON
  }

  /// What the arguments say.
  sealed interface Reading {
    record Run(DemoOptions options) implements Reading {}

    record Help() implements Reading {}

    record Wrong(String why) implements Reading {}
  }

  static Reading read(List<String> arguments) {
    var rest = new ArrayDeque<>(arguments);
    var options = new DemoOptions(5000, false, Output.TEXT, null);
    while (!rest.isEmpty()) {
      var word = rest.pop();
      if (word.equals("--help") || word.equals("-h")) {
        return new Reading.Help();
      }
      switch (options.with(word, rest)) {
        case Reading.Run(DemoOptions more) -> options = more;
        case Reading wrong -> {
          return wrong;
        }
      }
    }
    return new Reading.Run(options);
  }

  /// These options and one more, its value taken from the rest.
  private Reading with(String word, Deque<String> rest) {
    if (word.equals("--exit")) {
      return new Reading.Run(new DemoOptions(accounts, true, output, workFolder));
    }
    var equals = word.startsWith("--") ? word.indexOf('=') : -1;
    var name = equals < 0 ? word : word.substring(0, equals);
    if (!NAMES.contains(name)) {
      return new Reading.Wrong("expected one of the options below, came " + word);
    }
    var value = equals < 0 ? rest.poll() : word.substring(equals + 1);
    return value == null
        ? new Reading.Wrong("expected a value after " + name + ", came the end")
        : withValue(name, value);
  }

  private Reading withValue(String name, String value) {
    var next =
        switch (name) {
          case "--accounts" -> withAccounts(value);
          case "--work-dir" -> withWorkFolder(value);
          default -> withOutput(value);
        };
    return next == null
        ? new Reading.Wrong("expected " + name + " as said below, came " + name + " " + value)
        : new Reading.Run(next);
  }

  private @Nullable DemoOptions withAccounts(String value) {
    var number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
    return number < 1 || number > MAX_ACCOUNTS
        ? null
        : new DemoOptions(number, exit, output, workFolder);
  }

  private @Nullable DemoOptions withOutput(String value) {
    return switch (value) {
      case "text", "table" -> new DemoOptions(accounts, exit, Output.TEXT, workFolder);
      case "json" -> new DemoOptions(accounts, exit, Output.JSON, workFolder);
      default -> null;
    };
  }

  private @Nullable DemoOptions withWorkFolder(String value) {
    return value.isBlank() ? null : new DemoOptions(accounts, exit, output, Path.of(value));
  }
}
