package dev.ingam.keys.disk;

import java.io.StringWriter;
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

/// A JSON object of a small file of ours: strings, whole numbers, lists and objects. Duplicate
/// members, other values, deep nesting and anything behind the object are refused.
///
/// @param members name to [String], [Long], [JsonTree] or a [List] of these, in order
public record JsonTree(Map<String, Object> members) {
  private static final int DEEPEST = 4;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  public JsonTree {
    members = Map.copyOf(members);
  }

  /// Reads one object.
  ///
  /// @throws IllegalArgumentException when the bytes are no such object; the message quotes none of
  ///   them
  public static JsonTree read(byte[] bytes) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("expected a JSON object");
      }
      var tree = object(parser, 1);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("expected nothing behind the JSON object");
      }
      return tree;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("expected a JSON object without duplicate members");
    }
  }

  /// The UTF-8 form of an object with its members in the map's order, readable by people, with a
  /// line feed at the end.
  public static byte[] write(Map<String, ?> members) {
    var text = new StringWriter();
    try (var generator = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      value(generator, members);
    }
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// Whether there is a member of this name.
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /// The string of this name.
  public String text(String name) {
    return member(name, String.class);
  }

  /// The whole number of this name.
  public long number(String name) {
    return member(name, Long.class);
  }

  /// The object of this name.
  public JsonTree object(String name) {
    return member(name, JsonTree.class);
  }

  /// The list of objects of this name.
  public List<JsonTree> objects(String name) {
    List<?> items = member(name, List.class);
    var objects = new ArrayList<JsonTree>();
    for (var item : items) {
      objects.add(cast(name, item, JsonTree.class));
    }
    return objects;
  }

  private <T> T member(String name, Class<T> type) {
    return cast(name, members.get(name), type);
  }

  private static <T> T cast(String name, @Nullable Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "expected the member " + name + " as " + type.getSimpleName());
    }
    return type.cast(value);
  }

  private static JsonTree object(JsonParser parser, int depth) {
    var members = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser, depth));
    }
    return new JsonTree(members);
  }

  private static Object value(JsonParser parser, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("expected at most " + DEEPEST + " levels");
    }
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case START_OBJECT -> object(parser, depth + 1);
      case START_ARRAY -> list(parser, depth + 1);
      case null, default ->
          throw new IllegalArgumentException("expected strings, whole numbers, lists, objects");
    };
  }

  private static List<Object> list(JsonParser parser, int depth) {
    var items = new ArrayList<Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, depth));
    }
    return items;
  }

  private static void value(JsonGenerator generator, Object value) {
    switch (value) {
      case String text -> generator.writeString(text);
      case Long number -> generator.writeNumber(number);
      case Integer number -> generator.writeNumber(number);
      case List<?> items -> {
        generator.writeStartArray();
        items.forEach(item -> value(generator, item));
        generator.writeEndArray();
      }
      case Map<?, ?> members -> {
        generator.writeStartObject();
        members.forEach((name, member) -> {
          generator.writeName(name.toString());
          value(generator, member);
        });
        generator.writeEndObject();
      }
      default -> throw new IllegalArgumentException("cannot write " + value.getClass());
    }
  }
}
