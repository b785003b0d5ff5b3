package dev.ingam.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The URI that a request was for, without query and fragment, so written that two texts for one
/// resource are equal ([RFC 3986 section 6.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2)):
/// scheme and host in lower case, no default port, hex digits in upper case, no slash at the end.
public record TargetUri(String origin, String path) {
  static final int MAX_LENGTH = 10_240;

  /// A host, with underscores too as names of containers have them, and a port.
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{0,5})?");

  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

  /// Null when the text is no absolute `http` or `https` URI.
  public static @Nullable TargetUri of(String text) {
    var uri = parsed(text);
    if (uri == null || uri.getScheme() == null || uri.getRawAuthority() == null) {
      return null;
    }
    var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    var authority = AUTHORITY.matcher(uri.getRawAuthority());
    if (!authority.matches() || !(scheme.equals("https") || scheme.equals("http"))) {
      return null;
    }
    var port = authority.group(2);
    var standard = scheme.equals("https") ? ":443" : ":80";
    var shown = port == null || port.equals(":") || port.equals(standard) ? "" : port;
    var host = authority.group(1).toLowerCase(Locale.ROOT);
    return new TargetUri(scheme + "://" + host + shown, path(uri.getRawPath()));
  }

  /// This path at the same origin: put together from parts, so that no part changes another.
  public TargetUri withPath(String rawPath) {
    return new TargetUri(origin, path(rawPath));
  }

  private static String path(String raw) {
    var path = ESCAPE.matcher(raw).replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static @Nullable URI parsed(String text) {
    try {
      return text.length() > MAX_LENGTH ? null : new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return origin + path;
  }
}
