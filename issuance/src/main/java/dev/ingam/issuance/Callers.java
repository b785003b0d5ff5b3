package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.client.PresentedCertificate;
import org.jspecify.annotations.Nullable;

/// Who comes to the internal doors: a client with a caller token, with a certificate in TLS, or
/// with both of them. Client and rights are looked up each time. Safe to call concurrently.
public final class Callers {
  private static final CallerReading STRANGER =
      new CallerReading.UnknownCertificate(
          "expected the certificate of an enabled client; register it (ingam clients create"
              + " --tls-san-dns …) or come without one");

  private final CallerTokens tokens;
  private final Clients clients;

  Callers(CallerTokens tokens, Clients clients) {
    this.tokens = tokens;
    this.clients = clients;
  }

  /// Who comes with these, if he may pass. A certificate of nobody is refused even beside a good
  /// token: whoever holds a token that he did not get is not to be helped by leaving doubt.
  ///
  /// @param authorization the header's value
  /// @param certificate null when the peer showed none
  /// @param scope what is needed here, one of [Internal]
  public CallerReading check(
      @Nullable String authorization, @Nullable PresentedCertificate certificate, String scope) {
    if (certificate == null) {
      return tokens.check(authorization, scope);
    }
    var client = clients.identify(certificate).orElse(null);
    if (client == null) {
      return STRANGER;
    }
    return authorization == null
        ? byCertificate(client, scope)
        : byBoth(client, tokens.check(authorization, scope));
  }

  private static CallerReading byCertificate(Client client, String scope) {
    var scopes = Internal.scopesOf(client);
    return scopes.contains(scope)
        ? new CallerReading.Known(new Caller(client.id(), scopes))
        : forbidden("expected a client whose rights give the scope " + scope);
  }

  private static CallerReading byBoth(Client client, CallerReading byToken) {
    return switch (byToken) {
      case CallerReading.Known(Caller caller) when !caller.clientId().equals(client.id()) ->
          new CallerReading.UnknownCertificate(
              "expected certificate and caller token of one client, came those of two");
      case CallerReading.Known known -> known;
      case CallerReading.UnknownCertificate unknown -> unknown;
      case CallerReading.Refused refused -> refused;
    };
  }

  /// Who comes to `/gate`, where the header carries the user's token and a certificate is the only
  /// way to say who asks.
  public CallerReading checkGate(@Nullable PresentedCertificate certificate) {
    if (certificate == null) {
      return new CallerReading.Refused(
          401,
          null,
          "expected a client certificate: beyond loopback /gate is for proxies that show one");
    }
    var client = clients.identify(certificate).orElse(null);
    if (client == null) {
      return STRANGER;
    }
    return client.may(ClientRight.GATE)
        ? new CallerReading.Known(new Caller(client.id(), Internal.scopesOf(client)))
        : forbidden("expected a client with the right " + ClientRight.GATE.wireName());
  }

  private static CallerReading forbidden(String description) {
    return new CallerReading.Refused(403, null, description);
  }
}
