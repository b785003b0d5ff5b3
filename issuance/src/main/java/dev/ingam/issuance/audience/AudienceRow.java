package dev.ingam.issuance.audience;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of `issuance.audience`.
///
/// @param version that of the set of audiences when it was written, so that no two are alike
/// @param mac in hex
record AudienceRow(String name, String keySet, long version, String mac) {
  static AudienceRow of(Audience audience, long version) {
    return new AudienceRow(audience.name(), audience.keySet(), version, "");
  }

  AudienceRow withMac(String hex) {
    return new AudienceRow(name, keySet, version, hex);
  }

  /// All that the MAC is over, besides name and version.
  List<@Nullable String> columns() {
    return List.of(keySet);
  }

  /// The policy, or null when the row says nothing that one can be.
  @Nullable Audience audience() {
    try {
      return new Audience(name, keySet);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
