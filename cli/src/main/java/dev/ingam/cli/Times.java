package dev.ingam.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times for people: UTC, with Korean time beside it.
final class Times {
  private static final ZoneId KOREA = ZoneId.of("Asia/Seoul");
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter KST =
      DateTimeFormatter.ofPattern("MM-dd HH:mm 'KST'", Locale.ROOT).withZone(KOREA);
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhd])");

  private Times() {}

  /// `2026-11-23 01:02:03 UTC (11-23 10:02 KST)`; text that is no time is shown as it came.
  static String shown(String iso) {
    try {
      return iso.isEmpty() ? "" : shown(Instant.parse(iso));
    } catch (DateTimeException e) {
      return iso;
    }
  }

  static String shown(Instant time) {
    return UTC.format(time) + " (" + KST.format(time) + ")";
  }

  /// Seconds as `5m`, `90s`, `2h`, `14d`: the largest unit that needs no fraction.
  static String duration(String seconds) {
    try {
      return duration(Long.parseLong(seconds));
    } catch (NumberFormatException e) {
      return seconds;
    }
  }

  private static String duration(long seconds) {
    if (seconds == 0) {
      return "0s";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /// How long ago, roughly: `40 s`, `12 min`, `5 h`, `3 days`.
  static String ago(Duration age) {
    var seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
  }

  /// Reads `90s`, `5m`, `6h`, `14d`; empty for anything else.
  static Optional<Duration> parse(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
