package dev.ingam.drill.web;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/// Ingam's token endpoint on one of its listeners, as a client sees it. Safe to call from many
/// threads.
public final class TokenEndpoint {
  private final HttpCaller http;
  private final URI endpoint;
  private final String issuer;
  private final Clock clock;
  private final SecureRandom random;

  /// `listener` is the address of the public or the internal listener.
  public TokenEndpoint(
      HttpCaller http, URI listener, String issuer, Clock clock, SecureRandom random) {
    this.http = http;
    this.endpoint = listener.resolve("/oauth2/token");
    this.issuer = issuer;
    this.clock = clock;
    this.random = random;
  }

  /// [RFC 6749, section 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)
  public Reply clientCredentials(ClientCredential client, String audience, String scope) {
    var form = form(client, "client_credentials");
    form.put("audience", audience);
    form.put("scope", scope);
    return http.postForm(endpoint, form);
  }

  /// [RFC 8693, section 2.1](https://www.rfc-editor.org/rfc/rfc8693#section-2.1)
  public Reply exchange(
      ClientCredential client, String subjectToken, String audience, String scope) {
    var form = form(client, "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", subjectToken);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("audience", audience);
    form.put("scope", scope);
    return http.postForm(endpoint, form);
  }

  private Map<String, String> form(ClientCredential client, String grant) {
    var form = new LinkedHashMap<>(client.at(issuer, random).proof(clock.instant()).form());
    form.put("grant_type", grant);
    return form;
  }
}
