package dev.ingam.wire;

import java.nio.charset.StandardCharsets;

/// Writes JSON in one form: no white space, members in the order of the calls, the shortest escapes
/// ([RFC 8785 section 3.2.2.2](https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.2)). Not safe
/// for several threads; strings must hold no lone surrogate.
public final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private final StringBuilder text;
  private boolean first = true;

  public JsonWriter() {
    this(512);
  }

  JsonWriter(int capacity) {
    text = new StringBuilder(capacity);
  }

  public JsonWriter beginObject() {
    return open('{');
  }

  public JsonWriter endObject() {
    return close('}');
  }

  public JsonWriter beginArray() {
    return open('[');
  }

  public JsonWriter endArray() {
    return close(']');
  }

  public JsonWriter name(String name) {
    separate();
    quote(name);
    text.append(':');
    first = true;
    return this;
  }

  public JsonWriter value(String value) {
    separate();
    quote(value);
    return this;
  }

  public JsonWriter value(long value) {
    separate();
    text.append(value);
    return this;
  }

  public JsonWriter value(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  public JsonWriter member(String name, String value) {
    return name(name).value(value);
  }

  public JsonWriter member(String name, long value) {
    return name(name).value(value);
  }

  public JsonWriter member(String name, boolean value) {
    return name(name).value(value);
  }

  public byte[] toBytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private JsonWriter open(char bracket) {
    separate();
    text.append(bracket);
    first = true;
    return this;
  }

  private JsonWriter close(char bracket) {
    text.append(bracket);
    first = false;
    return this;
  }

  private void separate() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void quote(String value) {
    text.append('"');
    var written = 0;
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        text.append(value, written, i);
        escape(c);
        written = i + 1;
      }
    }
    text.append(value, written, value.length()).append('"');
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\t' -> text.append("\\t");
      case '\n' -> text.append("\\n");
      case '\f' -> text.append("\\f");
      case '\r' -> text.append("\\r");
      default -> text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xf]);
    }
  }
}
