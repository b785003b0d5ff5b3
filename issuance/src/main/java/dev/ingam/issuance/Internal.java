package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientRight;
import java.util.Set;
import java.util.TreeSet;

/// The audience and scopes of our own internal doors. Rights give them, no operator's list does.
public final class Internal {
  /// The `aud` of caller tokens.
  public static final String AUDIENCE = "urn:ingam:internal";

  /// Ask the ledger and read the authenticated key set.
  public static final String LEDGER_SCOPE = "ingam:ledger";

  /// Report log-ins and log-outs.
  public static final String LOGIN_EVENTS_SCOPE = "ingam:login-events";

  private Internal() {}

  /// What this client's caller tokens may carry; none when it has no business at those doors.
  static Set<String> scopesOf(Client client) {
    var scopes = new TreeSet<String>();
    if (client.may(ClientRight.LEDGER)) {
      scopes.add(LEDGER_SCOPE);
    }
    if (client.may(ClientRight.LOGIN_EVENTS)) {
      scopes.add(LOGIN_EVENTS_SCOPE);
    }
    return scopes;
  }
}
