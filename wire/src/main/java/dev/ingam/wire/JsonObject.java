package dev.ingam.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// One JSON object, read strictly: well-formed UTF-8 without a byte order mark, no member twice at
/// any depth, no lone surrogate, nothing after the object, at most eight levels deep and 20,000
/// tokens long. Each getter answers null when the member is absent *or* of another type; [#has]
/// tells the two apart. Numbers are whole and fit 64 bits, or they are of no type that a getter
/// knows.
public final class JsonObject {
  /// The longest text that [#read] takes unless told otherwise.
  public static final int MAX_BYTES = 64 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxTokenCount(20_000)
                  .maxNumberLength(32)
                  .maxNameLength(256)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  /// A value that is there but that no getter answers: null, a fraction, a number beyond 64 bits.
  private enum Other {
    VALUE
  }

  private final Map<String, Object> members;

  private JsonObject(Map<String, Object> members) {
    this.members = members;
  }

  /// The object, or null when the bytes are anything else.
  public static @Nullable JsonObject read(byte[] utf8) {
    return read(utf8, MAX_BYTES);
  }

  public static @Nullable JsonObject read(byte[] utf8, int maxBytes) {
    if (utf8.length > maxBytes || !beginsAsAnObject(utf8)) {
      return null;
    }
    var text = decode(utf8);
    return text == null ? null : parse(text);
  }

  /// Most junk does not, and needs neither a parser nor its exception.
  private static boolean beginsAsAnObject(byte[] utf8) {
    for (var each : utf8) {
      if (each == '{') {
        return true;
      }
      if (each != ' ' && each != '\t' && each != '\n' && each != '\r') {
        return false;
      }
    }
    return false;
  }

  /// The object, or null when the text is anything else.
  public static @Nullable JsonObject read(String text) {
    return text.length() > MAX_BYTES ? null : parse(text);
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  /// The names of all members in the order of the text.
  public Set<String> names() {
    return members.keySet();
  }

  public @Nullable String string(String name) {
    return members.get(name) instanceof String value ? value : null;
  }

  public @Nullable Long number(String name) {
    return members.get(name) instanceof Long value ? value : null;
  }

  public @Nullable Boolean bool(String name) {
    return members.get(name) instanceof Boolean value ? value : null;
  }

  public @Nullable JsonObject object(String name) {
    return members.get(name) instanceof JsonObject value ? value : null;
  }

  /// The list when all its elements are strings.
  public @Nullable List<String> strings(String name) {
    return list(name, String.class);
  }

  /// The list when all its elements are objects.
  public @Nullable List<JsonObject> objects(String name) {
    return list(name, JsonObject.class);
  }

  private <T> @Nullable List<T> list(String name, Class<T> type) {
    if (!(members.get(name) instanceof List<?> values)) {
      return null;
    }
    var list = new ArrayList<T>(values.size());
    for (var value : values) {
      if (!type.isInstance(value)) {
        return null;
      }
      list.add(type.cast(value));
    }
    return list;
  }

  private static @Nullable String decode(byte[] utf8) {
    for (var b : utf8) {
      if (b < 0) {
        return decodeBeyondAscii(utf8);
      }
    }
    return new String(utf8, StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String decodeBeyondAscii(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static @Nullable JsonObject parse(String text) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      var object = parseObject(parser);
      return object != null && parser.nextToken() == null ? object : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable JsonObject parseObject(JsonParser parser) {
    var members = new LinkedHashMap<String, Object>();
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      var value = parseValue(parser, parser.nextToken());
      if (value == null || !isWellFormed(name) || members.putIfAbsent(name, value) != null) {
        return null;
      }
    }
    return new JsonObject(members);
  }

  private static @Nullable Object parseValue(JsonParser parser, @Nullable JsonToken token) {
    if (token == null) {
      return null;
    }
    return switch (token) {
      case VALUE_STRING -> wellFormed(parser.getString());
      case VALUE_NUMBER_INT -> parseNumber(parser);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL, VALUE_NUMBER_FLOAT -> Other.VALUE;
      case START_OBJECT -> parseObject(parser);
      case START_ARRAY -> parseList(parser);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT -> null;
    };
  }

  private static Object parseNumber(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> {
        var value = parser.getLongValue();
        yield value == 0 && parser.getString().length() > 1 ? Other.VALUE : (Object) value;
      }
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> Other.VALUE;
    };
  }

  private static @Nullable List<Object> parseList(JsonParser parser) {
    var values = new ArrayList<Object>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      var value = parseValue(parser, token);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  private static @Nullable String wellFormed(String value) {
    return isWellFormed(value) ? value : null;
  }

  private static boolean isWellFormed(String value) {
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
