package dev.ingam.server;

import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.keys.KeysException;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.start.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// `ingam serve`. Exit codes: 0 stopped, 1 not started, 2 not understood.
public final class ServerMain {
  private ServerMain() {}

  public static void main(String[] args) {
    var terminal = new Terminal();
    switch (CommandLine.parse(List.of(args))) {
      case CommandLine.Help() -> terminal.say(CommandLine.USAGE);
      case CommandLine.Misuse(String problem) -> {
        terminal.complain("ingam serve: " + problem + System.lineSeparator() + CommandLine.USAGE);
        System.exit(2);
      }
      case CommandLine.Start start -> serve(start, terminal);
    }
  }

  private static void serve(CommandLine.Start start, Terminal terminal) {
    if (Boolean.getBoolean("ingam.stop-with-input")) {
      new StopWithInput(System.in, () -> System.exit(0)).begin();
    }
    CryptoProvider.beginLoading();
    try {
      var context = start(start.properties(), start.config());
      context.getBean(Ready.class).lines().forEach(terminal::say);
    } catch (RuntimeException e) {
      var why = explanation(e);
      if (why == null) {
        LoggerFactory.getLogger(ServerMain.class).error("Not started", e);
        why = "unexpected: " + e + "; the log above says more";
      }
      terminal.complain("Ingam does not start: " + why);
      System.exit(1);
    }
  }

  /// Starts the server and returns when its doors are open.
  ///
  /// @param properties by name, stronger than the environment and the file
  /// @param config a file of properties, or null
  /// @throws RuntimeException with a [StartFailure] among its causes
  static ConfigurableApplicationContext start(
      Map<String, String> properties, @Nullable String config) {
    return start(ServerApplication.class, properties, config);
  }

  /// Makes a context of this application with these settings.
  static ConfigurableApplicationContext start(
      Class<?> wiring, Map<String, String> properties, @Nullable String config) {
    var application = new SpringApplication(wiring);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    var words = new ArrayList<String>();
    properties.forEach((name, value) -> words.add("--" + name + "=" + value));
    words.add("--spring.config.location=" + locations(config));
    return application.run(words.toArray(String[]::new));
  }

  /// Only our own defaults and the named file: nothing is picked up from the working directory.
  private static String locations(@Nullable String config) {
    var defaults = "classpath:/application.yml";
    if (config == null) {
      return defaults;
    }
    var file = Path.of(config).toAbsolutePath();
    if (!Files.isReadable(file)) {
      throw new StartFailure("a readable file at --config", file.toString(), "check the path");
    }
    return defaults + "," + file.toUri();
  }

  /// The message of the failure that has one for people; null when the failure is unforeseen.
  static @Nullable String explanation(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof StartFailure
          || each instanceof KeysException
          || each instanceof IssuanceException) {
        return each.getMessage();
      }
    }
    return null;
  }
}
