package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// `ingam soak`. The result goes to standard output, progress to standard error. Exit codes: 0 as
/// promised, 1 not as promised or not possible here, 2 usage.
public final class SoakMain {
  private SoakMain() {}

  public static void main(String[] arguments) {
    System.setProperty("http.maxConnections", "64");
    System.setProperty("sun.net.http.retryPost", "false");
    var newSeed = new SecureRandom().nextInt(Integer.MAX_VALUE);
    System.exit(
        switch (SoakOptions.read(List.of(arguments), newSeed)) {
          case SoakOptions.Reading.Help() -> {
            System.out.print(SoakOptions.USAGE);
            yield 0;
          }
          case SoakOptions.Reading.Wrong(String why) -> {
            System.err.println(why);
            System.err.print(SoakOptions.USAGE);
            yield 2;
          }
          case SoakOptions.Reading.Run(SoakOptions options) -> run(options);
        });
  }

  private static int run(SoakOptions options) {
    var stopping = new AtomicBoolean();
    try {
      var soak = new Soak(options, new Jvm(System.getProperties()), System.err::println);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(soak, stopping)));
      var result = soak.play();
      var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.println(options.json() ? result.toJson() : result.toText());
      return result.problems().isEmpty() ? 0 : 1;
    } catch (DrillException e) {
      if (!stopping.get()) {
        System.err.println("The soak could not be played: " + e.getMessage());
      }
      return 1;
    }
  }

  private static void stop(Soak soak, AtomicBoolean stopping) {
    stopping.set(true);
    try {
      soak.close();
    } catch (DrillException e) {
      System.err.println(e.getMessage());
    }
  }
}
