package dev.ingam.keys;

import java.util.Locale;

/// What a custody domain is for.
enum DomainRole {
  /// Bears the keys that sign.
  SIGNING,
  /// Bears the keys that wait for an emergency.
  RESERVE,
  /// Made in an emergency that found no reserve domain; signs from that emergency on.
  SPARE,
  /// Bears no key again.
  CONDEMNED;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
