package dev.ingam.server.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Stands before everything on the admin listener, the OpenAPI document too: only requests for a
/// loopback name (a web page may point its own name at 127.0.0.1), none that a browser sends for
/// another site, only with the root credential (to read metrics, with that for metrics too), only
/// small bodies in UTF-8.
public final class AdminGuard extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|::1|\\[0:0:0:0:0:0:0:1]|0:0:0:0:0:0:0:1");

  /// [Fetch metadata](https://www.w3.org/TR/fetch-metadata/): of our own page, or typed by a
  /// person.
  private static final Set<String> OUR_SITE = Set.of("same-origin", "none");

  private static final String SCHEME = "Bearer ";
  static final int MAX_BODY = 64 << 10;

  /// Where metrics are read.
  public static final String METRICS = "/metrics";

  private final transient Credential root;
  private final transient Credential metrics;
  private final transient Predicate<String> certified;

  /// @param certified whether a host is one that the listener's certificate is for
  public AdminGuard(Credential root, Credential metrics, Predicate<String> certified) {
    this.root = root;
    this.metrics = metrics;
    this.certified = certified;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    var refusal = refusal(request);
    if (refusal == null) {
      withBody(request, response, chain);
    } else {
      if (refusal.error() == AdminError.UNAUTHORIZED) {
        response.setHeader("WWW-Authenticate", "Bearer");
      }
      refusal.error().write(response, refusal.description());
    }
  }

  /// What is asked of every request before its body is read, in this order; null when nothing is
  /// wrong.
  private @Nullable AdminException refusal(HttpServletRequest request) {
    if (!isOurs(request)) {
      return AdminError.MISDIRECTED.because(
          "Expected a request for a loopback address or localhost; came another Host.");
    }
    if (!isOfOurSite(request)) {
      return AdminError.CROSS_SITE.because(
          "Expected a request of no browser, or of a page of this listener; came one of another site.");
    }
    if (!isKnown(request)) {
      var name = readsMetrics(request) ? "metrics" : "root";
      return AdminError.UNAUTHORIZED.because(
          "Expected Authorization: Bearer with the "
              + name
              + " credential, which is in the file "
              + name
              + "-credential of the installation's secrets folder.");
    }
    return request.getRequestURI().indexOf(';') < 0
        ? null
        : AdminError.INVALID_REQUEST.because("Expected a path without \";\".");
  }

  private static void withBody(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var body =
        request.getContentLengthLong() > MAX_BODY
            ? new byte[MAX_BODY + 1]
            : request.getInputStream().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      response.setHeader("Connection", "close");
      AdminError.TOO_LARGE.write(response, "Expected a body of at most 64 KiB; came a larger one.");
    } else if (!isUtf8(body)) {
      AdminError.INVALID_REQUEST.write(
          response, "Expected a body in UTF-8, without byte order mark; came other bytes.");
    } else {
      chain.doFilter(new ReadRequest(request, body), response);
    }
  }

  /// The JSON parser would guess UTF-16 and UTF-32, and take a byte order mark.
  private static boolean isUtf8(byte[] body) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return text.indexOf('\0') < 0 && !text.startsWith("\ufeff");
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private boolean isOurs(HttpServletRequest request) {
    var name = request.getServerName();
    return name != null
        && (LOOPBACK.matcher(name.toLowerCase(Locale.ROOT)).matches() || certified.test(name));
  }

  /// Browsers say for whom they send; other programs send neither header.
  private static boolean isOfOurSite(HttpServletRequest request) {
    var own = request.getScheme() + "://" + request.getHeader("Host");
    return Collections.list(request.getHeaders("Origin")).stream().allMatch(own::equalsIgnoreCase)
        && OUR_SITE.containsAll(Collections.list(request.getHeaders("Sec-Fetch-Site")));
  }

  private boolean isKnown(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.size() != 1) {
      return false;
    }
    var header = headers.getFirst();
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    var presented = header.substring(SCHEME.length()).strip();
    return root.is(presented) || (readsMetrics(request) && metrics.is(presented));
  }

  /// By the path as it was sent: no other spelling of it is asked for.
  private static boolean readsMetrics(HttpServletRequest request) {
    return request.getRequestURI().equals(METRICS)
        && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"));
  }
}
