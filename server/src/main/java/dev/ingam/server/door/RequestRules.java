package dev.ingam.server.door;

import java.util.List;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// What every request at a door must be, in the order in which it is asked.
final class RequestRules {
  private interface Rule extends BiFunction<DoorRow, Request, @Nullable Reply> {}

  private static final List<Rule> RULES =
      List.of(
          RequestRules::fragment,
          RequestRules::method,
          RequestRules::query,
          RequestRules::authorization,
          RequestRules::mediaType,
          RequestRules::length);

  private RequestRules() {}

  /// The refusal of the first rule that is broken, or null.
  static @Nullable Reply refusal(DoorRow row, Request request) {
    for (var rule : RULES) {
      var refusal = rule.apply(row, request);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  static Reply tooLarge(Body body) {
    return Reply.error(413, "invalid_request", "expected at most " + body.limit() + " bytes")
        .with(DoorHandler.CLOSE);
  }

  /// [RFC 9112 section 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2) knows none; Jetty
  /// cuts it off, and then the door would see another target than the one that was sent.
  private static @Nullable Reply fragment(DoorRow row, Request request) {
    return request.getHttpURI().getFragment() == null
        ? null
        : Reply.error(400, "invalid_request", "expected no # in the request target");
  }

  private static @Nullable Reply method(DoorRow row, Request request) {
    if (row.methods().isEmpty() || row.methods().contains(request.getMethod())) {
      return null;
    }
    var allowed = DoorHandler.sorted(row.methods());
    return Reply.error(405, "invalid_request", "expected method " + allowed)
        .with(new HttpField(HttpHeader.ALLOW, allowed));
  }

  /// Secrets in a query end up in logs ([RFC 6749 section
  /// 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
  private static @Nullable Reply query(DoorRow row, Request request) {
    if (row.methods().isEmpty() || request.getHttpURI().getQuery() == null) {
      return null;
    }
    return Reply.error(400, "invalid_request", "expected no query; parameters go into the body");
  }

  private static @Nullable Reply authorization(DoorRow row, Request request) {
    return Call.count(request.getHeaders(), "Authorization") > 1
        ? Reply.error(400, "invalid_request", "expected one Authorization header, came several")
        : null;
  }

  private static @Nullable Reply mediaType(DoorRow row, Request request) {
    if (row.body() == Body.IGNORED) {
      return null;
    }
    var type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type != null && row.body().accepts(type)
        ? null
        : Reply.error(415, "invalid_request", "expected Content-Type " + row.body().mediaType());
  }

  private static @Nullable Reply length(DoorRow row, Request request) {
    return row.body() != Body.IGNORED && request.getLength() > row.body().limit()
        ? tooLarge(row.body())
        : null;
  }
}
