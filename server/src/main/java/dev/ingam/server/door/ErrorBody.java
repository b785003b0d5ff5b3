package dev.ingam.server.door;

import java.nio.charset.StandardCharsets;

/// The body of an error: `{"error":"code","error_description":"words"}`.
final class ErrorBody {
  private ErrorBody() {}

  static byte[] of(String error, String description) {
    var text = new StringBuilder(64 + description.length());
    text.append("{\"error\":\"");
    append(text, error);
    text.append("\",\"error_description\":\"");
    append(text, description);
    return text.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder text, String value) {
    for (int i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else {
        text.append(c < ' ' ? ' ' : c);
      }
    }
  }
}
