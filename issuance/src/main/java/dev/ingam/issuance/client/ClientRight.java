package dev.ingam.issuance.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a client may do.
public enum ClientRight {
  /// Ask for tokens for itself.
  CLIENT_CREDENTIALS,
  /// Exchange what the log-in system vouches for into a token for a person.
  TOKEN_EXCHANGE,
  /// Report log-ins and log-outs. Never together with [#TOKEN_EXCHANGE].
  LOGIN_EVENTS,
  /// Ask the ledger: lookup, redeem, report, and read the authenticated key set.
  LEDGER,
  /// Introspect tokens for its audiences.
  INTROSPECTION,

  /// Ask `/gate` where it stands beyond loopback: a reverse proxy with a certificate.
  GATE;

  /// The form used in configuration and JSON: `client_credentials`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// All of them, for a message.
  public static String wireNames() {
    return Arrays.stream(values()).map(ClientRight::wireName).collect(Collectors.joining(", "));
  }

  /// The right of that name, or null.
  public static @Nullable ClientRight ofWireName(String name) {
    for (var right : values()) {
      if (right.wireName().equals(name)) {
        return right;
      }
    }
    return null;
  }
}
