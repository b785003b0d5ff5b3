package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// `ingam demo`: the mission in two minutes on one screen. The result goes to standard output,
/// progress to standard error. Exit codes: 0 as promised, 1 not as promised or not possible here, 2
/// usage.
public final class DemoMain {
  private DemoMain() {}

  public static void main(String[] arguments) {
    System.setProperty("http.maxConnections", "64");
    System.exit(
        switch (DemoOptions.read(List.of(arguments))) {
          case DemoOptions.Reading.Help() -> {
            System.out.print(DemoOptions.USAGE);
            yield 0;
          }
          case DemoOptions.Reading.Wrong(String why) -> {
            System.err.println(why);
            System.err.print(DemoOptions.USAGE);
            yield 2;
          }
          case DemoOptions.Reading.Run(DemoOptions options) -> run(options);
        });
  }

  private static int run(DemoOptions options) {
    var stopping = new AtomicBoolean();
    try {
      var jvm = new Jvm(System.getProperties());
      var demo = new Demo(options, jvm, Clock.systemUTC(), System.err::println);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(demo, stopping)));
      var played = demo.play();
      show(options, played);
      if (!options.exit()) {
        serveOn();
      }
      return played.result().problems().isEmpty() ? 0 : 1;
    } catch (DrillException e) {
      if (!stopping.get()) {
        System.err.println("The demo could not be played: " + e.getMessage());
      }
      return 1;
    }
  }

  private static void show(DemoOptions options, Demo.Played played) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    switch (options.output()) {
      case JSON -> {
        out.println(played.result().toJson());
        played
            .result()
            .problems()
            .forEach(problem -> System.err.println("Not as promised: " + problem));
      }
      case TEXT -> out.print(Story.tell(played.result()));
    }
    if (!options.exit()) {
      var where = options.output() == DemoOptions.Output.TEXT ? out : System.err;
      where.print(Story.tryIt(played));
    }
  }

  /// Until somebody stops this process.
  private static void serveOn() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stop(Demo demo, AtomicBoolean stopping) {
    stopping.set(true);
    try {
      demo.close();
    } catch (DrillException e) {
      System.err.println(e.getMessage());
    }
  }
}
