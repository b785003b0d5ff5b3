package dev.ingam.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// `ingam bench`: each figure of the house beside its limit, measured in the same run.
public final class BenchMain {
  private static final int OK = 0;
  private static final int ERROR = 1;
  private static final int USAGE = 2;

  private final Map<Subject, Bench> benches;
  private final Path home;
  private final Clock clock;
  private final PrintStream out;
  private final PrintStream err;

  BenchMain(Map<Subject, Bench> benches, Path home, Clock clock, PrintStream out, PrintStream err) {
    this.benches = Map.copyOf(benches);
    this.home = home;
    this.clock = clock;
    this.out = out;
    this.err = err;
  }

  public static void main(String... args) {
    var home = Path.of(System.getProperty("ingam.home", "target/ingam")).toAbsolutePath();
    var benches = Benches.all(home);
    var main = new BenchMain(benches, home, Clock.systemUTC(), System.out, System.err);
    System.exit(main.run(List.of(args)));
  }

  int run(List<String> args) {
    return switch (Arguments.read(args)) {
      case Arguments.Reading.Help help -> {
        out.print(Arguments.USAGE);
        yield OK;
      }
      case Arguments.Reading.Wrong(var message) -> {
        err.println(message);
        err.print(Arguments.USAGE);
        yield USAGE;
      }
      case Arguments.Reading.Read(var arguments) -> measure(arguments);
    };
  }

  private int measure(Arguments arguments) {
    try {
      out.print(arguments.format().print(report(arguments)));
      out.flush();
      return OK;
    } catch (BenchException e) {
      err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("interrupted");
    } catch (Exception e) {
      err.println("The bench failed: " + e);
      e.printStackTrace(err);
    }
    return ERROR;
  }

  private Report report(Arguments arguments) throws Exception {
    var sink = new LongAdder();
    var figures = new ArrayList<Figure>();
    var method = new ArrayList<String>();
    for (var subject : arguments.subject().each()) {
      try (var folder = RunFolder.make(under(arguments), subject.word())) {
        var setting =
            new Setting(
                folder.path(),
                arguments.quick(),
                arguments.live(),
                arguments.tls(),
                new Progress(err),
                sink::add);
        var bench = benches.get(subject);
        if (bench == null) {
          throw new BenchException("There is no bench for " + subject.word());
        }
        figures.addAll(bench.run(setting));
        method.add(subject.word() + ": " + bench.method(setting));
      }
    }
    var provider = Crypto.best().provider();
    return new Report(clock.instant(), Machine.thisOne(), provider, method, figures);
  }

  private Path under(Arguments arguments) throws IOException {
    var asked = arguments.folder();
    var folder = asked != null ? asked : home.resolveSibling("bench");
    return Files.createDirectories(folder);
  }
}
