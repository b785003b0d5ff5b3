package dev.ingam.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/// The reference of the configuration is what the records say.
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "spec", "configuration.md");
  private static final String HEAD =
      """
      # Configuration

      Everything that can be set: in the file of `--config` (YAML), in the environment (`INGAM_DATA_DIR`), or as a flag of `ingam serve` for the most common ones. Another name under `ingam` stops the start, and so does a value out of bounds: all that is
      wrong is said at once. Durations are written `24h`. Whoever can write the file or the environment of the process can set all of them; the last column says what each is worth to him.

      Written from the records in `dev.ingam.server.start` by `ConfigurationPageTest`; `./mvnw -pl server -am test -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dingam.write-pages=true` writes it again. `LISTENER` is `public`, `internal` or
      `admin`.

      | setting | default | what it sets | whoever can set it |
      |---|---|---|---|
      """;

  private final List<String> rows = new ArrayList<>();
  private final HashSet<Class<?>> listeners = new HashSet<>();

  private void add(String prefix, Class<?> settings) {
    for (var component : settings.getRecordComponents()) {
      var type = component.getType();
      var name = prefix + "." + name(component, settings);
      var meaning = component.getAnnotation(Meaning.class);
      if (type == Settings.Listen.class) {
        if (listeners.add(type)) {
          add(prefix + ".LISTENER", type);
        }
      } else if (component.getGenericType() instanceof ParameterizedType list
          && list.getActualTypeArguments()[0] instanceof Class<?> item
          && item.isRecord()) {
        add(name + "[]", item);
      } else if (type.isRecord() && type != Secret.class) {
        assertThat(meaning).as(name).isNull();
        add(name, type);
      } else {
        assertThat(meaning).as("@Meaning of %s", name).isNotNull();
        rows.add(row(name, value(component, settings, meaning), meaning));
      }
    }
  }

  private static String row(String name, String value, Meaning meaning) {
    return "| `"
        + name
        + "` | "
        + value
        + " | "
        + meaning.value()
        + " | "
        + meaning.gains()
        + " |\n";
  }

  private static String name(RecordComponent component, Class<?> settings) {
    var named = annotation(component, settings, Name.class);
    var name = named == null ? component.getName() : named.value();
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String value(RecordComponent component, Class<?> settings, Meaning meaning) {
    var value = annotation(component, settings, DefaultValue.class);
    return value == null || value.value().length == 0
        ? meaning.otherwise()
        : "`" + value.value()[0] + "`";
  }

  /// Spring's annotations stand on the parameters of the constructor.
  private static <A extends java.lang.annotation.Annotation> A annotation(
      RecordComponent component, Class<?> settings, Class<A> type) {
    var components = settings.getRecordComponents();
    var parameters = settings.getDeclaredConstructors()[0].getParameters();
    for (int i = 0; i < components.length; i++) {
      if (components[i].getName().equals(component.getName())) {
        return parameters[i].getAnnotation(type);
      }
    }
    throw new AssertionError(component);
  }

  @Test
  void page_saysWhatTheRecordsSay() throws IOException {
    add("ingam", Settings.class);
    var page = HEAD + String.join("", rows);
    if (Boolean.getBoolean("ingam.write-pages")) {
      Files.writeString(PAGE, page);
    }
    assertThat(rows).hasSizeGreaterThan(20);
    assertThat(PAGE).hasContent(page);
  }

  @Test
  void everySetting_saysWhatIsThereWithoutIt() {
    add("ingam", Settings.class);
    assertThat(rows).noneMatch(row -> row.contains("|  |"));
  }
}
