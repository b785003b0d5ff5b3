package dev.ingam.issuance.audience;

import dev.ingam.issuance.route.DataClass;
import dev.ingam.wire.TrustLevel;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of `issuance.audience`.
///
/// @param version that of the set of audiences when it was written, so that no two are alike
/// @param mac in hex
record AudienceRow(
    String name, String keySet, String dataClass, Trust trust, long version, String mac) {
  private static final Trust REQUIRED = new Trust(TrustLevel.REQUIRED.name(), null, null, null);

  /// The columns of the trust level; times are seconds since 1970.
  record Trust(String level, @Nullable Long since, @Nullable Long until, @Nullable String reason) {
    static Trust of(@Nullable Lowering lowered) {
      return lowered == null
          ? REQUIRED
          : new Trust(
              lowered.level().name(),
              lowered.since().getEpochSecond(),
              lowered.until().getEpochSecond(),
              lowered.reason());
    }

    /// Whether it says less than required, whoever wrote it.
    boolean isLowered(Instant now) {
      return !equals(REQUIRED) && (until == null || until > now.getEpochSecond());
    }

    private @Nullable Lowering lowered() {
      if (equals(REQUIRED)) {
        return null;
      }
      if (since == null || until == null || reason == null) {
        throw new IllegalArgumentException("expected begin, end and reason of a lowered level");
      }
      return new Lowering(
          TrustLevel.valueOf(level),
          Instant.ofEpochSecond(since),
          Instant.ofEpochSecond(until),
          reason);
    }
  }

  static AudienceRow of(Audience audience, long version) {
    return new AudienceRow(
        audience.name(),
        audience.keySet(),
        audience.dataClass().name(),
        Trust.of(audience.lowered()),
        version,
        "");
  }

  AudienceRow withMac(String hex) {
    return new AudienceRow(name, keySet, dataClass, trust, version, hex);
  }

  /// All that the MAC is over, besides name and version. A row that has the defaults in all columns
  /// but the first is written as before there were any.
  List<@Nullable String> columns() {
    if (dataClass.equals(DataClass.PERSONAL.name()) && trust.equals(REQUIRED)) {
      return List.of(keySet);
    }
    return Arrays.asList(
        keySet, dataClass, trust.level(), text(trust.since()), text(trust.until()), trust.reason());
  }

  private static @Nullable String text(@Nullable Long number) {
    return number == null ? null : number.toString();
  }

  /// The policy, or null when the row says nothing that one can be.
  @Nullable Audience audience() {
    try {
      return new Audience(name, keySet, DataClass.valueOf(dataClass), trust.lowered());
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }
}
