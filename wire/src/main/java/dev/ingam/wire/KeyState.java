package dev.ingam.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a signing key stands in its life.
public enum KeyState {
  /// Published, not yet signing.
  PREPARED,
  /// Signs.
  ACTIVE,
  /// Signs no more; what it signed is verified until it has expired.
  RETIRING,
  /// Nothing that it signed is live; refused.
  RETIRED,
  /// Gone; refused.
  DESTROYED,
  /// Known or suspected to be out: signs no more, issued tokens are honoured until they expire.
  TAINTED,
  /// Nothing that it signed is honoured.
  REVOKED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  /// Whether anyone may see the key in the plain JWK set.
  public boolean isPublic() {
    return this == PREPARED || this == ACTIVE || this == RETIRING;
  }

  /// Why a verifier refuses a token under a key in this state; null when the signature decides. A
  /// PREPARED key is let through, as the state may be older than the token.
  public @Nullable Reason refusal() {
    return switch (this) {
      case PREPARED, ACTIVE, RETIRING, TAINTED -> null;
      case RETIRED, DESTROYED -> Reason.RETIRED_KEY;
      case REVOKED -> Reason.REVOKED_KEY;
    };
  }

  public static @Nullable KeyState ofWireName(String name) {
    for (var state : values()) {
      if (state.wireName.equals(name)) {
        return state;
      }
    }
    return null;
  }
}
