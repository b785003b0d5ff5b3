package dev.ingam.bench;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What one run of `wrk` counted, from the line that `load.lua` prints at its end.
///
/// @param refused answers of 400 and above
/// @param broken connections that failed, and requests without an answer
/// @param medianMicros of the answers' latency
/// @param lacking requests for which there was no token left
record WrkResult(
    long requests,
    long micros,
    long refused,
    long broken,
    long medianMicros,
    long p99Micros,
    long lacking) {
  private static final String MARK = "ingam ";

  static WrkResult parse(String output) {
    var line =
        output
            .lines()
            .filter(each -> each.startsWith(MARK))
            .findFirst()
            .orElseThrow(
                () -> new BenchException("wrk ended without its result line; it said: " + output));
    var numbers = numbers(line.substring(MARK.length()));
    var broken =
        number(numbers, "connect")
            + number(numbers, "read")
            + number(numbers, "write")
            + number(numbers, "timeout");
    return new WrkResult(
        number(numbers, "requests"),
        number(numbers, "micros"),
        number(numbers, "status"),
        broken,
        number(numbers, "p50"),
        number(numbers, "p99"),
        number(numbers, "lacking"));
  }

  private static Map<String, String> numbers(String pairs) {
    var numbers = new HashMap<String, String>();
    for (var pair : pairs.split(" ")) {
      var at = pair.indexOf('=');
      if (at > 0) {
        numbers.put(pair.substring(0, at), pair.substring(at + 1));
      }
    }
    return numbers;
  }

  private static long number(Map<String, String> numbers, String name) {
    var text = numbers.getOrDefault(name, "nothing");
    if (!text.matches("[0-9]{1,18}")) {
      throw new BenchException("expected a number of " + name + " from wrk, came " + text);
    }
    return Long.parseLong(text);
  }

  double perSecond() {
    return requests * 1e6 / micros;
  }

  /// This result of a warm-up, when what was answered was accepted. A server that has just begun,
  /// with one core for itself and its compilers, may leave a request longer than wrk waits.
  WrkResult accepted(String what) {
    return new WrkResult(requests, micros, refused, 0, medianMicros, p99Micros, lacking)
        .clean(what);
  }

  /// This result, when every request was answered and accepted.
  WrkResult clean(String what) {
    if (requests == 0 || micros == 0) {
      throw new BenchException(what + " answered no request");
    }
    if (lacking > 0) {
      throw new BenchException(
          String.format(
              Locale.ROOT,
              "%s was asked faster than expected: the tokens of the round lasted for %d requests",
              what,
              requests - lacking));
    }
    if (refused > 0 || broken > 0) {
      throw new BenchException(
          String.format(
              Locale.ROOT,
              "%s refused %d and dropped %d of %d requests; a rate of those says nothing",
              what,
              refused,
              broken,
              requests));
    }
    return this;
  }
}
