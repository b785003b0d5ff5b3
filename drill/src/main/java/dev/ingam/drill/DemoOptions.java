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
      var next = options.with(word, rest);
      if (next == null) {
        return new Reading.Wrong("expected the options below, came " + String.join(" ", arguments));
      }
      options = next;
    }
    return new Reading.Run(options);
  }

  /// These options and one more, its value taken from the rest; null when it is none of ours.
  private @Nullable DemoOptions with(String word, Deque<String> rest) {
    if (word.equals("--exit")) {
      return new DemoOptions(accounts, true, output, workFolder);
    }
    var equals = word.startsWith("--") ? word.indexOf('=') : -1;
    var name = equals < 0 ? word : word.substring(0, equals);
    var value = equals < 0 ? rest.poll() : word.substring(equals + 1);
    return value == null ? null : withValue(name, value);
  }

  private @Nullable DemoOptions withValue(String name, String value) {
    return switch (name) {
      case "--accounts" -> {
        var number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
        yield number < 1 || number > MAX_ACCOUNTS
            ? null
            : new DemoOptions(number, exit, output, workFolder);
      }
      case "-o", "--output" ->
          switch (value) {
            case "text", "table" -> new DemoOptions(accounts, exit, Output.TEXT, workFolder);
            case "json" -> new DemoOptions(accounts, exit, Output.JSON, workFolder);
            default -> null;
          };
      case "--work-dir" ->
          value.isEmpty() ? null : new DemoOptions(accounts, exit, output, Path.of(value));
      default -> null;
    };
  }
}
