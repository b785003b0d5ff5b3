package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.session.Session;
import dev.ingam.wire.Confirmation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A token request as far as the rules have followed it. Immutable: each rule answers a new one.
/// Asking for what no earlier rule found is an error of the table.
record Attempt(
    TokenRequest request,
    @Nullable Form knownForm,
    @Nullable GrantType knownGrant,
    @Nullable Client knownClient,
    @Nullable Session session,
    @Nullable String knownAudience,
    List<String> scope,
    @Nullable Confirmation confirmation) {
  static Attempt of(TokenRequest request) {
    return new Attempt(request, null, null, null, null, null, List.of(), null);
  }

  Form form() {
    return Objects.requireNonNull(knownForm);
  }

  GrantType grant() {
    return Objects.requireNonNull(knownGrant);
  }

  Client client() {
    return Objects.requireNonNull(knownClient);
  }

  String audience() {
    return Objects.requireNonNull(knownAudience);
  }

  boolean isForInternalDoors() {
    return Internal.AUDIENCE.equals(knownAudience);
  }

  Attempt with(Form form) {
    return new Attempt(
        request, form, knownGrant, knownClient, session, knownAudience, scope, confirmation);
  }

  Attempt with(GrantType grant) {
    return new Attempt(
        request, knownForm, grant, knownClient, session, knownAudience, scope, confirmation);
  }

  Attempt with(Client client) {
    return new Attempt(
        request, knownForm, knownGrant, client, session, knownAudience, scope, confirmation);
  }

  Attempt with(Session found) {
    return new Attempt(
        request, knownForm, knownGrant, knownClient, found, knownAudience, scope, confirmation);
  }

  Attempt withAudience(String audience) {
    return new Attempt(
        request, knownForm, knownGrant, knownClient, session, audience, scope, confirmation);
  }

  Attempt withScope(List<String> asked) {
    return new Attempt(
        request, knownForm, knownGrant, knownClient, session, knownAudience, asked, confirmation);
  }

  Attempt boundTo(Confirmation sender) {
    return new Attempt(
        request, knownForm, knownGrant, knownClient, session, knownAudience, scope, sender);
  }

  /// The token that is asked for.
  Order order() {
    var forCaller = isForInternalDoors();
    return new Order(
        client(),
        session == null ? client().subject() : session.subject(),
        audience(),
        scope,
        client().tokenLifetime(),
        client().singleUse() && !forCaller,
        session,
        confirmation);
  }

  @Override
  public String toString() {
    return "Attempt[redacted]";
  }
}
