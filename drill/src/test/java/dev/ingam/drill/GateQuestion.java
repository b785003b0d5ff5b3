package dev.ingam.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What proxies that Debian does not have send to the gate and do with its answer, as their public
/// source says, set up by the guides' own files. Not the programs themselves: their side of the
/// protocol, byte by byte.
sealed interface GateQuestion {
  /// A client's request at the proxy; header names in lower case.
  record Asked(String method, String target, Map<String, String> headers) {}

  /// What becomes of it: the headers that the application gets in addition, or an answer.
  sealed interface Outcome {
    record Passed(Map<String, String> identity) implements Outcome {}

    record Answered(int status, HttpMessage gate) implements Outcome {}
  }

  /// The head that goes to the gate.
  String head(Asked asked);

  Outcome outcome(HttpMessage answer);

  default Outcome ask(int gate, Asked asked) {
    var answer = RawHttp.ask(gate, head(asked));
    if (answer == null) {
      throw new AssertionError("the gate hung up");
    }
    return outcome(answer);
  }

  /// Envoy's `ext_authz` with an `http_service`: method and Host of the original, `path_prefix`
  /// before its path, `Content-Length: 0`, Authorization, and nothing else unless `allowed_headers`
  /// says so (envoyproxy/envoy,
  /// `source/extensions/filters/common/ext_authz/ext_authz_http_impl.cc`,
  /// `RawHttpClientImpl::check` and `toResponse`); its client for such calls adds X-Envoy-Internal
  /// and X-Forwarded-For (`source/common/http/async_client_impl.cc`).
  record Envoy(String prefix, int onError, Map<String, String> allowed) implements GateQuestion {
    static Envoy ofGuide() {
      var guide = read("envoy.yaml");
      if (!guide.contains("status_on_error: { code: ServiceUnavailable }")
          || !guide.contains("failure_mode_allow: false")
          || Pattern.compile("^ *allowed_headers", Pattern.MULTILINE).matcher(guide).find()) {
        throw new AssertionError("expected the guide's envoy.yaml to fail closed with 503");
      }
      return new Envoy(value(guide, "path_prefix"), 503, Map.of());
    }

    /// Where somebody lets these headers of the client through, against the guide.
    Envoy allowing(Map<String, String> headers) {
      return new Envoy(prefix, onError, headers);
    }

    @Override
    public String head(Asked asked) {
      var lines = new LinkedHashMap<String, String>();
      lines.put("content-length", "0");
      lines.put("host", "shop.example");
      lines.put("x-envoy-internal", "true");
      lines.put("x-forwarded-for", "127.0.0.1");
      copy(asked, "authorization", lines);
      lines.putAll(allowed);
      return start(asked.method(), prefix + asked.target(), lines);
    }

    @Override
    public Outcome outcome(HttpMessage answer) {
      if (answer.status() >= 500) {
        return new Outcome.Answered(onError, answer);
      }
      return answer.status() == 200
          ? new Outcome.Passed(identity(answer))
          : new Outcome.Answered(answer.status(), answer);
    }
  }

  /// Traefik's `ForwardAuth`: a GET of `address` with the headers of `authRequestHeaders` and its
  /// own X-Forwarded-For, -Method, -Proto, -Port, -Host and -Uri; any 2xx is a yes, everything else
  /// goes to the client as it is (traefik/traefik, `pkg/middlewares/auth/forward.go`, `ServeHTTP`
  /// and `writeHeader`).
  record Traefik(String path, List<String> allowed) implements GateQuestion {
    static Traefik ofGuide() {
      var guide = read("traefik.yaml");
      if (!guide.contains("trustForwardHeader: false")
          || !guide.contains("authRequestHeaders: [Authorization, DPoP]")) {
        throw new AssertionError("expected the guide's traefik.yaml to trust no client's headers");
      }
      var address = value(guide, "address");
      return new Traefik(
          address.substring(address.indexOf('/', "http://".length())),
          List.of("authorization", "dpop"));
    }

    @Override
    public String head(Asked asked) {
      var lines = new LinkedHashMap<String, String>();
      lines.put("Host", "127.0.0.1:8422");
      allowed.forEach(name -> copy(asked, name, lines));
      lines.put("X-Forwarded-For", "127.0.0.1");
      lines.put("X-Forwarded-Method", asked.method());
      lines.put("X-Forwarded-Proto", "http");
      lines.put("X-Forwarded-Port", "80");
      lines.put("X-Forwarded-Host", "shop.example");
      lines.put("X-Forwarded-Uri", asked.target());
      lines.put("Accept-Encoding", "gzip");
      return start("GET", path, lines);
    }

    @Override
    public Outcome outcome(HttpMessage answer) {
      return answer.status() >= 200 && answer.status() < 300
          ? new Outcome.Passed(identity(answer))
          : new Outcome.Answered(answer.status(), answer);
    }
  }

  private static Map<String, String> identity(HttpMessage answer) {
    var found = new LinkedHashMap<String, String>();
    for (var name : List.of("x-ingam-subject", "x-ingam-client", "x-ingam-scope")) {
      var value = answer.value(name);
      if (value != null) {
        found.put(name, value);
      }
    }
    return found;
  }

  private static void copy(Asked asked, String name, Map<String, String> lines) {
    var value = asked.headers().get(name);
    if (value != null) {
      lines.put(name, value);
    }
  }

  private static String start(String method, String target, Map<String, String> lines) {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    lines.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString();
  }

  private static String read(String guide) {
    try {
      return Files.readString(Path.of("..", "docs", "guide", "proxy", guide));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String value(String guide, String key) {
    var found = Pattern.compile("^ *" + key + ": (\\S+)", Pattern.MULTILINE).matcher(guide);
    if (!found.find()) {
      throw new AssertionError("expected " + key + " in the guide's configuration");
    }
    return found.group(1);
  }
}
