package dev.ingam.issuance.route;

import java.util.List;
import java.util.Locale;

/// The path of a request that every server behind the gate reads alike.
///
/// A gate that matches one reading of a path while the application serves another guards nothing.
/// So a path with two readings is refused, not repaired: dot segments, empty segments, `;`,
/// backslash, control and non-ASCII characters, encoded dots, slashes, semicolons and percent
/// signs, and encoded characters that need no encoding ([RFC 3986 section
/// 6.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2)). One slash at the end is dropped,
/// the hex digits of an encoding become upper case.
public final class CanonicalPath {
  /// Longest path, in characters.
  public static final int MAX_PATH = 2_048;

  /// Longest path and query together, in characters.
  public static final int MAX_URI = 8_192;

  /// What came of reading a path.
  public sealed interface Reading {}

  /// A canonical path.
  public record Read(CanonicalPath path) implements Reading {}

  /// A path that is refused with 400. The detail does not repeat the path.
  public record Refused(String detail) implements Reading {}

  private static final String UNENCODED = "-_~!$&'()*+,=:@.";

  private final List<String> segments;

  private CanonicalPath(List<String> segments) {
    this.segments = segments;
  }

  /// Reads the path of an origin-form request target, with or without a query.
  public static Reading read(String uri) {
    if (uri.length() > MAX_URI) {
      return new Refused("expected at most " + MAX_URI + " characters, came " + uri.length());
    }
    var query = uri.indexOf('?');
    var path = query < 0 ? uri : uri.substring(0, query);
    if (path.length() > MAX_PATH) {
      return new Refused("expected a path of at most " + MAX_PATH + " characters");
    }
    if (!path.startsWith("/")) {
      return new Refused("expected a path that starts with /");
    }
    return readSegments(path);
  }

  private static Reading readSegments(String path) {
    var end = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
    if (end == 1) {
      return new Read(new CanonicalPath(List.of()));
    }
    var segments = List.of(path.substring(1, end).split("/", -1));
    for (var segment : segments) {
      var problem = problemOf(segment);
      if (!problem.isEmpty()) {
        return new Refused(problem);
      }
    }
    return new Read(
        new CanonicalPath(segments.stream().map(CanonicalPath::upperCaseEncodings).toList()));
  }

  private static String problemOf(String segment) {
    if (segment.isEmpty()) {
      return "expected no empty segment (//)";
    }
    if (segment.equals(".") || segment.equals("..")) {
      return "expected no dot segment";
    }
    for (int i = 0; i < segment.length(); i++) {
      var c = segment.charAt(i);
      if (c == '%') {
        var problem = problemOfEncoding(segment, i);
        if (!problem.isEmpty()) {
          return problem;
        }
        i += 2;
      } else if (!isPlain(c)) {
        return "expected only characters that a path may hold unencoded";
      }
    }
    return "";
  }

  private static String problemOfEncoding(String segment, int at) {
    if (at + 2 >= segment.length()
        || !isHex(segment.charAt(at + 1))
        || !isHex(segment.charAt(at + 2))) {
      return "expected two hex digits after %";
    }
    var value = Integer.parseInt(segment, at + 1, at + 3, 16);
    if (value < 0x20 || value == 0x7f) {
      return "expected no encoded control character";
    }
    if (isPlain((char) value) || "/\\;%".indexOf(value) >= 0) {
      return "expected no encoding of a dot, slash, backslash, semicolon, percent sign or of what"
          + " needs none";
    }
    return "";
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || UNENCODED.indexOf(c) >= 0;
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static String upperCaseEncodings(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    var result = new StringBuilder(segment);
    for (int i = segment.indexOf('%'); i >= 0; i = segment.indexOf('%', i + 3)) {
      result.replace(i + 1, i + 3, segment.substring(i + 1, i + 3).toUpperCase(Locale.ROOT));
    }
    return result.toString();
  }

  /// The segments, without slashes; none for `/`.
  public List<String> segments() {
    return segments;
  }

  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }
}
