package dev.ingam.server.start;

import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;

/// Reads the settings; an unknown name under `ingam` and every contradiction stop the start.
public final class SettingsReader {
  private SettingsReader() {}

  /// @throws StartFailure that lists all problems
  public static Settings read(ConfigurableEnvironment environment) {
    var settings = bind(environment);
    var problems = settings.problems();
    if (!problems.isEmpty()) {
      throw new StartFailure(
          "settings without contradiction",
          problems.size() + " problem(s): " + String.join("; ", problems),
          "correct all of them and start again");
    }
    return settings;
  }

  private static Settings bind(ConfigurableEnvironment environment) {
    try {
      return Binder.get(environment).bindOrCreate("ingam", Bindable.of(Settings.class), strict());
    } catch (BindException e) {
      throw failure(e);
    }
  }

  /// Not the JVM's own properties and the environment: the launcher and tools put theirs there.
  private static BindHandler strict() {
    return new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
  }

  private static StartFailure failure(BindException e) {
    if (e.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
      var names = new TreeSet<String>();
      unbound.getUnboundProperties().forEach(each -> names.add(each.getName().toString()));
      return new StartFailure(
          "only properties that exist",
          String.join(", ", names),
          "see docs/spec/configuration.md for the names");
    }
    var property = e.getProperty();
    return new StartFailure(
        "a value of the right kind for " + e.getName(),
        property == null ? "nothing" : String.valueOf(property.getValue()),
        "see docs/spec/configuration.md for its meaning");
  }
}
