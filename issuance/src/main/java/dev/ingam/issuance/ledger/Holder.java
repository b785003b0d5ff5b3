package dev.ingam.issuance.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// For whom a token was made. Personal data: it goes to the journal and nowhere else.
///
/// @param subject 1 to 48 bytes of UTF-8
/// @param client 1 to 40 bytes of UTF-8
/// @param session the 16 bytes of the token's `sid`, null for a client acting for itself
public record Holder(String subject, String client, byte @Nullable [] session) {
  static final int SUBJECT_BYTES = 48;
  static final int CLIENT_BYTES = 40;
  static final int SESSION_BYTES = 16;

  public Holder {
    check("subject", subject, SUBJECT_BYTES);
    check("client", client, CLIENT_BYTES);
    if (session != null && session.length != SESSION_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a session of %d bytes, came %d",
              SESSION_BYTES,
              session.length));
    }
  }

  private static void check(String what, String value, int most) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a %s of 1 to %d bytes, came %d", what, most, bytes));
    }
  }

  @Override
  public String toString() {
    return "Holder[redacted]";
  }
}
