package dev.ingam.server.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Stands before everything on the admin listener, the OpenAPI document too: only requests for a
/// loopback name (a web page may point its own name at 127.0.0.1), only with the root credential,
/// only small bodies.
public final class AdminGuard extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|::1|\\[0:0:0:0:0:0:0:1]|0:0:0:0:0:0:0:1");
  private static final String SCHEME = "Bearer ";
  static final int MAX_BODY = 64 << 10;

  private final transient RootCredential credential;

  public AdminGuard(RootCredential credential) {
    this.credential = credential;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (!isLoopback(request)) {
      AdminError.MISDIRECTED.write(
          response, "Expected a request for a loopback address or localhost; came another Host.");
    } else if (!isRoot(request)) {
      response.setHeader("WWW-Authenticate", "Bearer");
      AdminError.UNAUTHORIZED.write(
          response,
          "Expected Authorization: Bearer with the root credential, which is in the file root-credential of the"
              + " installation's secrets folder.");
    } else {
      withBody(request, response, chain);
    }
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
    } else {
      chain.doFilter(new ReadRequest(request, body), response);
    }
  }

  private static boolean isLoopback(HttpServletRequest request) {
    var name = request.getServerName();
    return name != null && LOOPBACK.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private boolean isRoot(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.size() != 1) {
      return false;
    }
    var header = headers.getFirst();
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && credential.is(header.substring(SCHEME.length()).strip());
  }
}
