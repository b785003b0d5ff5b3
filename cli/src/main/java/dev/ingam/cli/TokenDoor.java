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

/// The token endpoint of the public listener and those beside it, for clients that act for
/// themselves.
final class TokenDoor {
  private static final String TOKEN = "/oauth2/token";
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
    return send(TOKEN, form(request), request.client(), secret);
  }

  Json issue(Request request, ClientKey key, Clock clock) {
    return send(TOKEN, form(request), request.client(), key, clock);
  }

  /// Posts a form as a client with a secret.
  Json send(String path, Map<String, String> form, String client, String secret) {
    var all = new LinkedHashMap<>(form);
    all.put("client_id", client);
    all.put("client_secret", secret);
    return send(path, all);
  }

  /// Posts a form as a client with a key.
  Json send(String path, Map<String, String> form, String client, ClientKey key, Clock clock) {
    var issuer = http.get("/.well-known/oauth-authorization-server").get("issuer").text();
    if (issuer.isEmpty()) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(Locale.ROOT, "Expected the issuer's name from %s; came none.", base));
    }
    var all = new LinkedHashMap<>(form);
    all.put("client_assertion_type", ASSERTION_TYPE);
    all.put("client_assertion", key.assertion(client, issuer, clock));
    return send(path, all);
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

  private Json send(String path, Map<String, String> form) {
    var encoded =
        form.entrySet().stream()
            .map(each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return http.postForm(path, encoded);
  }
}
