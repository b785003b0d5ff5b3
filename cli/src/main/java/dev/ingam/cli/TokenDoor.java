package dev.ingam.cli;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The token endpoint of the public listener, for clients that act for themselves.
final class TokenDoor {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final AdminApi http;
  private final URI base;

  TokenDoor(URI base, @Nullable SSLContext trust) {
    this.http = new AdminApi(base, null, trust);
    this.base = base;
  }

  /// @param audience null: the client's only one
  record Request(String client, @Nullable String audience, List<String> scopes) {}

  Json issue(Request request, String secret) {
    var form = form(request);
    form.put("client_id", request.client());
    form.put("client_secret", secret);
    return send(form);
  }

  Json issue(Request request, ClientKey key, Clock clock) {
    var issuer = http.get("/.well-known/oauth-authorization-server").get("issuer").text();
    if (issuer.isEmpty()) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(Locale.ROOT, "Expected the issuer's name from %s; came none.", base));
    }
    var form = form(request);
    form.put("client_id", request.client());
    form.put("client_assertion_type", ASSERTION_TYPE);
    form.put("client_assertion", key.assertion(request.client(), issuer, clock));
    return send(form);
  }

  private static Map<String, String> form(Request request) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    if (request.audience() != null) {
      form.put("audience", request.audience());
    }
    if (!request.scopes().isEmpty()) {
      form.put("scope", String.join(" ", request.scopes()));
    }
    return form;
  }

  private Json send(Map<String, String> form) {
    var encoded =
        form.entrySet().stream()
            .map(each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return http.postForm("/oauth2/token", encoded);
  }
}
