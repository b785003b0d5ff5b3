package dev.ingam.issuance.audience;

import dev.ingam.issuance.route.DataClass;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The policy of one audience.
///
/// @param name the `aud` of its tokens: 1 to 200 visible ASCII characters without quote and
///   backslash; names that start with `urn:ingam:` are ours and have no policy
/// @param keySet the key set that signs its tokens
/// @param dataClass what its tokens open at most
/// @param lowered how much less than both proofs its tokens need, and until when; null when both
///   are required. Never for personal data
public record Audience(
    String name, String keySet, DataClass dataClass, @Nullable Lowering lowered) {
  private static final Pattern NAME = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}");
  private static final Pattern KEY_SET = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final String OURS = "urn:ingam:";

  /// Refuses what is no policy, with a message for the operator.
  public Audience {
    expect(NAME.matcher(name).matches(), "audience of 1 to 200 visible ASCII characters");
    expect(!name.startsWith(OURS), "audience that does not start with " + OURS);
    expect(KEY_SET.matcher(keySet).matches(), "key_set of 1 to 32 small letters, digits, hyphens");
    expect(
        lowered == null || dataClass != DataClass.PERSONAL,
        "data none or internal of an audience whose trust is lowered");
  }

  /// With the strictest class of data, and both proofs required.
  public Audience(String name, String keySet) {
    this(name, keySet, DataClass.PERSONAL, null);
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + what);
    }
  }

  /// Whether less than both proofs is enough at this time, as far as the policy goes.
  public boolean isLowered(Instant now) {
    return lowered != null && lowered.isLive(now);
  }
}
