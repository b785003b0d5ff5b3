package dev.ingam.issuance.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A pattern over canonical paths: segments are literal, `*` (exactly one) or, at the end, `**`
/// (any number, none too).
public final class PathPattern {
  /// The most specific first: literal before `*` before `**`, from the left; then the longer one.
  static final Comparator<PathPattern> MOST_SPECIFIC_FIRST = PathPattern::compareSpecificity;

  private static final int MAX_SEGMENTS = 32;

  private final List<String> segments;
  private final boolean open;

  private PathPattern(List<String> segments, boolean open) {
    this.segments = segments;
    this.open = open;
  }

  /// Reads a pattern.
  ///
  /// @throws IllegalArgumentException when it is none, with a message for the operator
  public static PathPattern of(String pattern) {
    var open = pattern.endsWith("/**");
    var fixed = open ? pattern.substring(0, pattern.length() - 3) : pattern;
    var reading = CanonicalPath.read(open && fixed.isEmpty() ? "/" : fixed);
    if (!(reading instanceof CanonicalPath.Read(CanonicalPath path)) || pattern.indexOf('?') >= 0) {
      var why = reading instanceof CanonicalPath.Refused refused ? refused.detail() : "no query";
      throw new IllegalArgumentException("expected a canonical path pattern (" + why + ")");
    }
    for (var segment : path.segments()) {
      if (segment.contains("*") && !segment.equals("*")) {
        throw new IllegalArgumentException(
            "expected * as a whole segment and ** only as the last one");
      }
    }
    if (path.segments().size() > MAX_SEGMENTS) {
      throw new IllegalArgumentException("expected at most " + MAX_SEGMENTS + " segments");
    }
    return new PathPattern(path.segments(), open);
  }

  boolean matches(CanonicalPath path) {
    var given = path.segments();
    if (open ? given.size() < segments.size() : given.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (!segments.get(i).equals("*") && !segments.get(i).equals(given.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static int compareSpecificity(PathPattern a, PathPattern b) {
    var common = Math.min(a.segments.size(), b.segments.size());
    for (int i = 0; i < common; i++) {
      var order = Boolean.compare(a.segments.get(i).equals("*"), b.segments.get(i).equals("*"));
      if (order != 0) {
        return order;
      }
    }
    var byLength = Integer.compare(b.segments.size(), a.segments.size());
    return byLength != 0 ? byLength : Boolean.compare(a.open, b.open);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathPattern that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    var parts = new ArrayList<>(segments);
    if (open) {
      parts.add("**");
    }
    return "/" + String.join("/", parts);
  }
}
