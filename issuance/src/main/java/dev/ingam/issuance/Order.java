package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.session.Session;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Confirmation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A token to be made, every question about it answered.
///
/// @param confirmation whom it is bound to; null for nobody
/// @param session the live session of the person it is for; null for a client acting for itself
record Order(
    Client client,
    String subject,
    String audience,
    List<String> scope,
    Duration lifetime,
    boolean singleUse,
    @Nullable Session session,
    @Nullable Confirmation confirmation) {
  /// Of a token that is bound to nobody.
  Order(
      Client client,
      String subject,
      String audience,
      List<String> scope,
      Duration lifetime,
      boolean singleUse,
      @Nullable Session session) {
    this(client, subject, audience, scope, lifetime, singleUse, session, null);
  }

  Order {
    scope = List.copyOf(scope);
    if (subject.startsWith(AccessToken.CLIENT_SUBJECT) != (session == null)) {
      throw new IllegalArgumentException("expected a session for a person and none for a client");
    }
    if (session != null && !session.subject().equals(subject)) {
      throw new IllegalArgumentException("expected the session of the subject");
    }
  }

  @Override
  public String toString() {
    return "Order[" + client.id() + ", redacted]";
  }
}
