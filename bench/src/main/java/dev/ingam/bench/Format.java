package dev.ingam.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the figures are printed.
enum Format {
  TABLE {
    @Override
    String print(Report report) {
      return ReportTable.of(report);
    }
  },
  JSON {
    @Override
    String print(Report report) {
      return ReportJson.of(report);
    }
  };

  abstract String print(Report report);

  static @Nullable Format ofWord(String word) {
    for (var format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
        return format;
      }
    }
    return null;
  }
}
