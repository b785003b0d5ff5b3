package dev.ingam.drill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What came of the questions of a soak. Safe to call from many threads: one lock, some hundred
/// uses a second.
final class SoakTally {
  private static final int SAMPLES = 20;

  private final Map<String, Long> refused = new TreeMap<>();
  private final Map<String, Long> withheld = new TreeMap<>();
  private final Map<String, Long> broken = new TreeMap<>();
  private final List<String> samples = new ArrayList<>();

  /// How often each single-use token was accepted, by its serial.
  private final Map<String, Integer> spent = new HashMap<>();

  private long issued;
  private long redeemed;
  private long redeemedTwice;
  private long revokedAccepted;
  private long junkAccepted;

  synchronized void issued() {
    issued++;
  }

  synchronized void redeemed() {
    redeemed++;
  }

  /// A single-use token was accepted.
  synchronized void redeemedOnce(String serial) {
    redeemed++;
    if (spent.merge(serial, 1, Integer::sum) == 2) {
      redeemedTwice++;
    }
  }

  synchronized boolean isSpent(String serial) {
    return spent.containsKey(serial);
  }

  /// Refused as it should be.
  synchronized void refused(String reason) {
    refused.merge(reason, 1L, Long::sum);
  }

  /// Put off while something was the matter: 503, or no answer.
  synchronized void withheld(String reason) {
    withheld.merge(reason, 1L, Long::sum);
  }

  /// Honest, and refused beyond what the design gives up.
  synchronized void broken(String what, Told told) {
    var key = what + ": " + told.reason();
    broken.merge(key, 1L, Long::sum);
    if (samples.size() < SAMPLES) {
      samples.add(key + " " + told.status());
    }
  }

  synchronized void revokedAccepted() {
    revokedAccepted++;
  }

  synchronized void junkAccepted() {
    junkAccepted++;
  }

  /// As it stands.
  synchronized SoakResult.Counts counts() {
    return new SoakResult.Counts(
        issued,
        redeemed,
        new SoakResult.Reasons(refused, withheld, broken),
        redeemedTwice,
        revokedAccepted,
        junkAccepted);
  }
}
