package dev.ingam.issuance;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a form body: each at most once, bounded, well-formed UTF-8.
///
/// A parameter sent twice is refused whatever its name, one without a value counts as not sent
/// ([RFC 6749 section 3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)).
final class Form {
  private static final int MAX_PARAMETERS = 32;
  private static final int MAX_NAME = 64;
  private static final int MAX_VALUE = 8 * 1024;
  private static final String TYPE = "application/x-www-form-urlencoded";

  /// What came of reading a body.
  sealed interface Reading {}

  /// A form.
  record Read(Form form) implements Reading {}

  /// None; the detail repeats nothing of it but the names of our own parameters.
  record Refused(String detail) implements Reading {}

  private final Map<String, String> parameters;

  private Form(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /// The value, or null when it was not sent or empty.
  @Nullable String get(String name) {
    var value = parameters.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  static Reading read(@Nullable String contentType, byte[] body) {
    if (contentType == null || !isForm(contentType)) {
      return new Refused("expected Content-Type " + TYPE);
    }
    if (body.length > TokenRequest.MAX_BODY) {
      return new Refused("expected a body of at most " + TokenRequest.MAX_BODY + " bytes");
    }
    var parameters = new HashMap<String, String>();
    for (int from = 0; from < body.length; ) {
      var to = indexOf(body, '&', from, body.length);
      var problem = to == from ? null : readParameter(body, from, to, parameters);
      if (problem != null) {
        return new Refused(problem);
      }
      from = to + 1;
    }
    return new Read(new Form(parameters));
  }

  private static boolean isForm(String contentType) {
    var end = contentType.indexOf(';');
    var type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().equalsIgnoreCase(TYPE);
  }

  /// Adds one parameter; the problem, or null when there is none.
  private static @Nullable String readParameter(
      byte[] body, int from, int to, Map<String, String> parameters) {
    var equals = indexOf(body, '=', from, to);
    var name = decode(body, from, equals, MAX_NAME);
    var value = decode(body, Math.min(equals + 1, to), to, MAX_VALUE);
    if (name == null || value == null) {
      return "expected percent-encoded UTF-8, names of at most "
          + MAX_NAME
          + " and values of at most "
          + MAX_VALUE
          + " bytes";
    }
    if (parameters.putIfAbsent(name, value) != null) {
      return "expected each parameter once";
    }
    return parameters.size() > MAX_PARAMETERS
        ? "expected at most " + MAX_PARAMETERS + " parameters"
        : null;
  }

  /// Percent-decodes; null when it is malformed or too long.
  static @Nullable String decode(byte[] text, int from, int to, int max) {
    var out = new byte[to - from];
    int length = 0;
    boolean ascii = true;
    for (int i = from; i < to; i++) {
      int b = text[i];
      if (b == '%') {
        if (i + 2 >= to) {
          return null;
        }
        var high = Character.digit(text[i + 1], 16);
        var low = Character.digit(text[i + 2], 16);
        if (high < 0 || low < 0) {
          return null;
        }
        b = high << 4 | low;
        i += 2;
      } else if (b == '+') {
        b = ' ';
      }
      ascii &= b >= 0 && b < 0x80;
      out[length++] = (byte) b;
    }
    if (length > max) {
      return null;
    }
    return ascii
        ? new String(out, 0, length, StandardCharsets.ISO_8859_1)
        : decodeUtf8(out, length);
  }

  private static @Nullable String decodeUtf8(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int indexOf(byte[] text, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == wanted) {
        return i;
      }
    }
    return to;
  }
}
