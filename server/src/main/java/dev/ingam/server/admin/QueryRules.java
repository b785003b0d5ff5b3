package dev.ingam.server.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses query parameters that the call does not have, and one that comes twice: `?limt=5` would
/// otherwise be answered as if nothing had been asked for.
final class QueryRules implements HandlerInterceptor {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getQueryString() != null && handler instanceof HandlerMethod method) {
      check(request.getQueryString(), method);
    }
    return true;
  }

  private static void check(String query, HandlerMethod method) {
    var known =
        Arrays.stream(method.getMethodParameters())
            .map(each -> each.getParameterAnnotation(RequestParam.class))
            .filter(Objects::nonNull)
            .map(RequestParam::name)
            .collect(Collectors.toCollection(TreeSet::new));
    var seen = new HashSet<String>();
    for (var part : query.split("&")) {
      var name = part.split("=", 2)[0];
      if (!known.contains(name) || !seen.add(name)) {
        throw AdminError.INVALID_REQUEST.because(
            known.isEmpty()
                ? "Expected no query; this call has no parameters there."
                : "Expected the query parameters "
                    + String.join(", ", known)
                    + ", each at most once; came another, or one twice.");
      }
    }
  }
}
