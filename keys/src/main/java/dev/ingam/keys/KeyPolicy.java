package dev.ingam.keys;

import dev.ingam.wire.KeyPurpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long the keys of a set live. Says all its contradictions at once; none is repaired silently.
///
/// @param signFor the cryptoperiod: how long a key signs, at most. Whoever lengthens it lengthens
///   what a stolen key is worth, up to the ceiling of the purpose, which no configuration passes
/// @param publishAhead how long a key is published before it signs: at least as long as the longest
///   cache of a verifier. Whoever shortens it makes verifiers refuse honest tokens for a while
/// @param maxTokenLifetime how long what the key signs is good for, at most; with `skew` it gives
///   the time for which the key is verified after it stopped to sign
/// @param skew by how much clocks of verifiers may differ
public record KeyPolicy(
    Duration signFor, Duration publishAhead, Duration maxTokenLifetime, Duration skew) {
  /// How long a RETIRED or REVOKED key stays known to verifiers before it is DESTROYED.
  static final Duration REMEMBERED = Duration.ofDays(7);

  private static final Duration SHORTEST_SIGN_FOR = Duration.ofMinutes(10);
  private static final Duration SHORTEST_PUBLISH_AHEAD = Duration.ofMinutes(5);
  private static final Duration LONGEST_SKEW = Duration.ofMinutes(5);
  private static final Duration SHORTEST_LAST_CALL = Duration.ofSeconds(5);
  private static final int MOST_WAITING = 8;
  private static final int STEPS = 24;

  /// The defaults for this purpose.
  public static KeyPolicy standard(KeyPurpose purpose) {
    var day = Duration.ofHours(24);
    var skew = Duration.ofMinutes(1);
    return switch (purpose) {
      case ACCESS_TOKEN -> new KeyPolicy(day, day, Duration.ofMinutes(15), skew);
      case ID_TOKEN -> new KeyPolicy(day, day, Duration.ofHours(1), skew);
      case LOG_CHECKPOINT, STATEMENT ->
          new KeyPolicy(Duration.ofDays(365), day, Duration.ofDays(3650), skew);
    };
  }

  /// The longest cryptoperiod that any configuration may give a key of this purpose. Access and ID
  /// tokens: 14 days (NIST IR 8587, multi-tenant).
  public static Duration signForCeiling(KeyPurpose purpose) {
    return switch (purpose) {
      case ACCESS_TOKEN, ID_TOKEN -> Duration.ofDays(14);
      case LOG_CHECKPOINT, STATEMENT -> Duration.ofDays(400);
    };
  }

  /// The longest life of what a key of this purpose signs.
  public static Duration lifetimeCeiling(KeyPurpose purpose) {
    return switch (purpose) {
      case ACCESS_TOKEN -> Duration.ofMinutes(15);
      case ID_TOKEN -> Duration.ofHours(1);
      case LOG_CHECKPOINT, STATEMENT -> Duration.ofDays(3650);
    };
  }

  /// For how long a key is verified after it stopped to sign: until the last token it signed has
  /// expired everywhere.
  public Duration verifyFor() {
    return maxTokenLifetime.plus(skew);
  }

  /// How long before the end of its cryptoperiod a key hands over, so that a short outage then
  /// leaves no gap.
  Duration handOver() {
    return signFor.dividedBy(STEPS);
  }

  /// How long before the end of its cryptoperiod a key hands over to one that was not published for
  /// long enough.
  Duration lastCall() {
    var share = handOver().dividedBy(60);
    return share.compareTo(SHORTEST_LAST_CALL) < 0 ? SHORTEST_LAST_CALL : share;
  }

  /// How long a key may wait unused: past that a leaver may have had it for longer than a signing
  /// key.
  Duration waitsFor(KeyPurpose purpose) {
    return publishAhead.plus(signFor).plus(signForCeiling(purpose));
  }

  /// Everything that is wrong with this policy for a key of this purpose; empty when nothing is.
  public List<String> problems(KeyPurpose purpose) {
    var problems = new ArrayList<String>();
    within(problems, "sign-for", signFor, SHORTEST_SIGN_FOR, signForCeiling(purpose));
    within(
        problems,
        "max-token-lifetime",
        maxTokenLifetime,
        Duration.ofSeconds(1),
        lifetimeCeiling(purpose));
    within(problems, "skew", skew, Duration.ZERO, LONGEST_SKEW);
    if (publishAhead.compareTo(SHORTEST_PUBLISH_AHEAD) < 0) {
      problems.add(
          "publish-ahead is "
              + publishAhead
              + "; expected at least "
              + SHORTEST_PUBLISH_AHEAD
              + ", for which others may keep our key set");
    }
    if (signFor.isPositive() && publishAhead.dividedBy(signFor) >= MOST_WAITING) {
      problems.add(
          "publish-ahead is "
              + publishAhead
              + ", more than "
              + MOST_WAITING
              + " times sign-for, "
              + signFor
              + "; too many keys would wait in the key set");
    }
    return problems;
  }

  private static void within(
      List<String> problems, String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problems.add(name + " is " + value + "; expected " + least + " to " + most);
    }
  }
}
