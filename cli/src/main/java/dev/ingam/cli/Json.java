package dev.ingam.cli;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// One JSON value. Whoever asks for a member or an item that is not there gets [Nothing], so a path
/// through an answer needs no checks on its way.
sealed interface Json extends Iterable<Json> {
  static Json nothing() {
    return new Nothing();
  }

  record Text(String value) implements Json {}

  /// A number as it was written; the CLI shows numbers and never reckons with them.
  record Numeral(String literal) implements Json {}

  record Bool(boolean value) implements Json {}

  /// `null`, or a member that is absent.
  record Nothing() implements Json {}

  record Items(List<Json> values) implements Json {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// Members in the order in which they were written.
  record Members(Map<String, Json> values) implements Json {
    public Members {
      values = new LinkedHashMap<>(values);
    }

    /// The same object with one more member; null adds none, and neither does [Nothing].
    Members with(String name, @Nullable String value) {
      return value == null ? this : with(name, new Text(value));
    }

    Members with(String name, Json value) {
      if (value.isAbsent()) {
        return this;
      }
      var more = new LinkedHashMap<>(values);
      more.put(name, value);
      return new Members(more);
    }
  }

  static Members object() {
    return new Members(Map.of());
  }

  static Json texts(List<String> values) {
    return new Items(values.stream().<Json>map(Text::new).toList());
  }

  default Json get(String name) {
    return this instanceof Members members
        ? members.values().getOrDefault(name, nothing())
        : nothing();
  }

  /// The items of an array; none for anything else.
  default List<Json> items() {
    return this instanceof Items items ? items.values() : List.of();
  }

  @Override
  default Iterator<Json> iterator() {
    return items().iterator();
  }

  default boolean isAbsent() {
    return this instanceof Nothing;
  }

  default boolean isTrue() {
    return this instanceof Bool(boolean value) && value;
  }

  /// The value as one line of text: empty for nothing, items joined by a space, objects as JSON.
  default String text() {
    return switch (this) {
      case Text(String value) -> value;
      case Numeral(String literal) -> literal;
      case Bool(boolean value) -> Boolean.toString(value);
      case Nothing() -> "";
      case Items(List<Json> values) ->
          values.stream().map(Json::text).collect(Collectors.joining(" "));
      case Members members -> members.compact();
    };
  }

  default String compact() {
    return write(false);
  }

  default String pretty() {
    return write(true);
  }

  default byte[] bytes() {
    return compact().getBytes(StandardCharsets.UTF_8);
  }

  private String write(boolean indented) {
    var written = new StringWriter();
    var context =
        new ObjectWriteContext.Base() {
          @Override
          public tools.jackson.core.@Nullable PrettyPrinter getPrettyPrinter() {
            return indented ? new DefaultPrettyPrinter() : null;
          }
        };
    try (var generator = new JsonFactory().createGenerator(context, written)) {
      write(generator);
    }
    return written.toString();
  }

  private void write(JsonGenerator to) {
    switch (this) {
      case Text(String value) -> to.writeString(value);
      case Numeral(String literal) -> to.writeRawValue(literal);
      case Bool(boolean value) -> to.writeBoolean(value);
      case Nothing() -> to.writeNull();
      case Items(List<Json> values) -> {
        to.writeStartArray();
        values.forEach(each -> each.write(to));
        to.writeEndArray();
      }
      case Members(Map<String, Json> values) -> {
        to.writeStartObject();
        values.forEach((name, value) -> {
          to.writeName(name);
          value.write(to);
        });
        to.writeEndObject();
      }
    }
  }
}
