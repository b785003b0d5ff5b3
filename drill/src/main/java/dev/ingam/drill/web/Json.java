package dev.ingam.drill.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// One JSON object, its members in order. A value is a [String], [Long], [Double], [Boolean], a
/// [List] or another `Json`; `null` members are left out. Duplicate members and anything after the
/// object are refused.
public record Json(Map<String, Object> members) {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  public Json {
    members = new LinkedHashMap<>(members);
  }

  public static Json empty() {
    return new Json(Map.of());
  }

  /// This object and one more member; the old one of that name gives way.
  public Json with(String name, Object value) {
    var more = new Json(members);
    more.members.put(name, value);
    return more;
  }

  public Json without(String name) {
    var less = new Json(members);
    less.members.remove(name);
    return less;
  }

  /// What we expect to be one object; `what` names it in the error.
  public static Json read(byte[] bytes, String what) {
    var read = readOrNull(bytes);
    if (read == null) {
      throw new DrillException("expected a JSON object from " + what + ", came: " + shown(bytes));
    }
    return read;
  }

  /// What a stranger sent: null when it is not one well-formed object.
  public static @Nullable Json readOrNull(byte[] bytes) {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      var read = object(parser);
      return parser.nextToken() == null ? read : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  public @Nullable String textOrNull(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  public String text(String name) {
    return member(name, String.class);
  }

  public long number(String name) {
    return member(name, Long.class);
  }

  public boolean flag(String name) {
    return member(name, Boolean.class);
  }

  public Json object(String name) {
    return member(name, Json.class);
  }

  public List<Json> objects(String name) {
    return elements(name, Json.class);
  }

  public List<String> texts(String name) {
    return elements(name, String.class);
  }

  /// The members of this object as numbers by name.
  public Map<String, Long> numbers() {
    var numbers = new LinkedHashMap<String, Long>();
    members.keySet().forEach(name -> numbers.put(name, number(name)));
    return numbers;
  }

  public byte[] bytes() {
    var out = new ByteArrayOutputStream();
    try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(generator, this);
    }
    return out.toByteArray();
  }

  @Override
  public String toString() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private <T> T member(String name, Class<T> type) {
    var value = members.get(name);
    if (!type.isInstance(value)) {
      throw new DrillException(
          "expected a " + type.getSimpleName() + " named " + name + " in " + members.keySet());
    }
    return type.cast(value);
  }

  private <T> List<T> elements(String name, Class<T> type) {
    var found = new ArrayList<T>();
    for (Object element : member(name, List.class)) {
      if (!type.isInstance(element)) {
        throw new DrillException("expected only " + type.getSimpleName() + " in " + name);
      }
      found.add(type.cast(element));
    }
    return found;
  }

  private static Json object(JsonParser parser) {
    var members = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      var value = value(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return new Json(members);
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static List<Object> list(JsonParser parser) {
    var list = new ArrayList<Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      var value = value(parser);
      if (value != null) {
        list.add(value);
      }
    }
    return list;
  }

  private static void write(JsonGenerator generator, Object value) {
    switch (value) {
      case Json object -> {
        generator.writeStartObject();
        object.members.forEach((name, member) -> write(generator.writeName(name), member));
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        list.forEach(element -> write(generator, element));
        generator.writeEndArray();
      }
      case String text -> generator.writeString(text);
      case Boolean flag -> generator.writeBoolean(flag);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static String shown(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    return text.length() > 200 ? text.substring(0, 200) + " ..." : text;
  }
}
