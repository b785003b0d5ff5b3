package dev.ingam.server.gate;

import dev.ingam.issuance.route.CanonicalPath;
import dev.ingam.server.door.Call;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The request that a reverse proxy asks about: as its headers tell it at `/gate`, as it stands
/// behind that prefix at `/gate/…` (Envoy's `ext_authz`, with the original method). Two headers
/// that say different things, one that comes twice, and any of them beside the second form are
/// refused: then the proxy may pass on what it did not write itself.
sealed interface Original {
  /// Understood.
  record Request(String method, CanonicalPath path) implements Original {}

  /// Not understood; the detail does not repeat the request.
  record Unclear(String detail) implements Original {}

  List<String> METHOD = List.of("X-Forwarded-Method", "X-Original-Method");
  List<String> URI = List.of("X-Forwarded-Uri", "X-Original-URI");
  List<String> ALL = Stream.of(METHOD, URI).flatMap(List::stream).toList();
  int MAX_METHOD = 16;

  static Original read(Call call) {
    return call.target().startsWith(GateDoor.PATH + "/") ? ofTarget(call) : ofHeaders(call);
  }

  private static Original ofTarget(Call call) {
    for (var name : ALL) {
      if (call.has(name)) {
        return new Unclear(
            "expected no "
                + name
                + " beside the path after "
                + GateDoor.PATH
                + "; the reverse proxy must tell the request in one way and pass on no other");
      }
    }
    return of(call.method(), call.target().substring(GateDoor.PATH.length()));
  }

  private static Original ofHeaders(Call call) {
    var method = one(call, METHOD);
    var uri = one(call, URI);
    if (method == null || uri == null) {
      return new Unclear(
          "expected one method in "
              + String.join(" or ", METHOD)
              + " and one path in "
              + String.join(" or ", URI)
              + "; the reverse proxy must set (and overwrite) them");
    }
    return of(method, uri);
  }

  private static Original of(String method, String uri) {
    if (!isMethod(method)) {
      return new Unclear("expected a method of 1 to " + MAX_METHOD + " upper-case letters");
    }
    return switch (CanonicalPath.read(uri)) {
      case CanonicalPath.Read(CanonicalPath path) -> new Request(method, path);
      case CanonicalPath.Refused(String detail) -> new Unclear("path: " + detail);
    };
  }

  private static @Nullable String one(Call call, List<String> names) {
    String found = null;
    for (var name : names) {
      if (call.repeats(name)) {
        return null;
      }
      var value = call.header(name);
      if (value != null && found != null && !value.equals(found)) {
        return null;
      }
      found = value == null ? found : value;
    }
    return found;
  }

  private static boolean isMethod(String method) {
    return !method.isEmpty()
        && method.length() <= MAX_METHOD
        && method.chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }
}
