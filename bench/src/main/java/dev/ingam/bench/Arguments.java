package dev.ingam.bench;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// @param live each once, the fewest first
/// @param tls whether the benches over HTTP speak TLS, on both sides
/// @param folder under which the run makes its own; null: beside the distribution
record Arguments(
    Subject subject,
    Format format,
    boolean quick,
    List<Integer> live,
    boolean tls,
    @Nullable Path folder) {
  static final String USAGE =
      String.format(
          Locale.ROOT,
          """
          Usage: ingam bench %s [-o table|json] [--quick] [--tls] [--live N[,N...]] [--folder DIR]

            ledger  enter and redeem pairs a second against bare slots in the same files
            sign    encode, sign and enter a token against the raw signature
            hsm     sign by a key in SoftHSM2 against the bare calls to it; needs softhsm2
            verify  parse, check and verify a token in process against the raw verification
            issue   POST /oauth2/token against a handler of the same server that only signs
            gate    /gate against a handler of the same server that only verifies
            backup  POST /oauth2/token during a backup against the same without one
            flood   /gate and POST /oauth2/token under 10,000 wrong requests a second against the same
                    without them
            live    /gate and POST /oauth2/token with millions of live tokens against ten thousand; takes
                    a quarter of an hour

            -o table|json   table for people (default) or one JSON object
            --quick         short rounds: shows that it runs, measures nothing worth quoting
            --tls           the benches over HTTP speak TLS, the server and the handler beside it
            --live N[,N]    live tokens in the ledger bench (default 1000000,10000000); the
                            last also in the live bench
            --folder DIR    where books, databases and tokens of the run are kept (default: beside the
                            distribution); name a folder on the disk that is to be measured
            -h, --help      this text

          Exit: 0 measured (also when a figure misses what it has to reach: see "reached"), 1 could not
          measure, 2 usage.
          """,
          Subject.words());

  private static final int MAX_LIVE = 50_000_000;

  Arguments {
    live = List.copyOf(live);
  }

  sealed interface Reading {
    record Read(Arguments arguments) implements Reading {}

    record Help() implements Reading {}

    record Wrong(String message) implements Reading {}
  }

  static Reading read(List<String> words) {
    var reader = new Reader();
    var rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      var word = rest.pop();
      if (word.equals("-h") || word.equals("--help")) {
        return new Reading.Help();
      }
      var wrong = reader.accept(word, rest);
      if (wrong != null) {
        return new Reading.Wrong(wrong);
      }
    }
    return reader.result();
  }

  /// Collects the options; each problem is a message.
  private static final class Reader {
    private static final Set<String> VALUED = Set.of("-o", "--output", "--live", "--folder");

    private @Nullable Subject subject;
    private Format format = Format.TABLE;
    private boolean quick;
    private boolean tls;
    private List<Integer> live = List.of(1_000_000, 10_000_000);
    private @Nullable Path folder;

    /// A word, its value taken from the rest where it has one: `--live 1000` and `--live=1000`.
    @Nullable String accept(String word, Deque<String> rest) {
      var equals = word.startsWith("--") ? word.indexOf('=') : -1;
      var option = equals < 0 ? word : word.substring(0, equals);
      if (!VALUED.contains(option)) {
        return acceptAlone(word);
      }
      var value = equals < 0 ? rest.poll() : word.substring(equals + 1);
      return value == null
          ? "expected a value after " + option + ", came the end"
          : acceptValue(option, value);
    }

    private @Nullable String acceptAlone(String word) {
      if (word.equals("--quick")) {
        quick = true;
        return null;
      }
      if (word.equals("--tls")) {
        tls = true;
        return null;
      }
      return acceptSubject(word);
    }

    private @Nullable String acceptValue(String option, String value) {
      return switch (option) {
        case "--live" -> acceptLive(value);
        case "--folder" -> acceptFolder(value);
        default -> acceptFormat(value);
      };
    }

    Reading result() {
      if (subject == null) {
        return new Reading.Wrong("expected what to measure, one of " + Subject.words());
      }
      if (tls && !subject.speaksHttp()) {
        return new Reading.Wrong(
            "expected --tls with issue, gate, backup, flood, live or all, came " + subject.word());
      }
      return new Reading.Read(new Arguments(subject, format, quick, live, tls, folder));
    }

    private @Nullable String acceptSubject(String word) {
      if (word.startsWith("-")) {
        return "expected one of the options below, came " + word;
      }
      var read = Subject.ofWord(word);
      if (read == null || subject != null) {
        return "expected one of " + Subject.words() + " once, came " + word;
      }
      subject = read;
      return null;
    }

    private @Nullable String acceptFormat(String value) {
      var read = Format.ofWord(value);
      if (read == null) {
        return "expected -o table or -o json, came -o " + value;
      }
      format = read;
      return null;
    }

    private @Nullable String acceptLive(String value) {
      var read = new ArrayList<Integer>();
      for (var each : value.split(",", -1)) {
        if (!each.matches("[1-9][0-9]{3,8}") || Integer.parseInt(each) > MAX_LIVE) {
          return "expected --live with numbers from 1000 to " + MAX_LIVE + ", came " + value;
        }
        read.add(Integer.valueOf(each));
      }
      live = read.stream().distinct().sorted().toList();
      return null;
    }

    private @Nullable String acceptFolder(String value) {
      try {
        folder = value.isBlank() ? null : Path.of(value).toAbsolutePath();
      } catch (InvalidPathException e) {
        folder = null;
      }
      return folder == null ? "expected --folder with a path, came --folder " + value : null;
    }
  }
}
