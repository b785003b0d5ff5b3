package dev.ingam.server.admin;

import dev.ingam.server.door.Reply;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/// The errors of the admin API: docs/spec/admin-api.md has the same table.
enum AdminError {
  INVALID_REQUEST(400, "invalid_request"),
  UNAUTHORIZED(401, "unauthorized"),
  CROSS_SITE(403, "cross_site"),
  NOT_FOUND(404, "not_found"),
  METHOD_NOT_ALLOWED(405, "method_not_allowed"),
  NOT_ACCEPTABLE(406, "not_acceptable"),
  CONFLICT(409, "conflict"),
  TOO_LARGE(413, "request_too_large"),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type"),
  MISDIRECTED(421, "misdirected_request"),
  SERVER_ERROR(500, "server_error"),
  UNAVAILABLE(503, "unavailable");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_:.-]{1,32}");

  private final int status;
  private final String code;

  AdminError(int status, String code) {
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /// The exception that ends a request with this error.
  ///
  /// @param description what was expected, what came and what to do
  AdminException because(String description) {
    return new AdminException(this, description);
  }

  /// A word that came where one of a few was expected, as a message shows it: what is no short
  /// plain word may be anything, a secret too, and is not repeated.
  static String word(String came) {
    return WORD.matcher(came).matches() ? "\"" + came + "\"" : "another text";
  }

  void write(HttpServletResponse response, String description) throws IOException {
    var body = Reply.error(status, code, description).body();
    response.setStatus(status);
    response.setContentType(Reply.JSON);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
