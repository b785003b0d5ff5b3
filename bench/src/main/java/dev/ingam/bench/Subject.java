package dev.ingam.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is measured; the words of the command line.
enum Subject {
  LEDGER,
  SIGN,
  HSM,
  VERIFY,
  ISSUE,
  GATE,
  BACKUP,
  FLOOD,
  LIVE,
  ALL;

  /// Each bench that the word stands for, in the order in which they run.
  List<Subject> each() {
    return this == ALL
        ? List.of(LEDGER, SIGN, HSM, VERIFY, ISSUE, GATE, BACKUP, FLOOD, LIVE)
        : List.of(this);
  }

  /// Whether a server is asked over HTTP.
  boolean speaksHttp() {
    return switch (this) {
      case ISSUE, GATE, BACKUP, FLOOD, LIVE, ALL -> true;
      case LEDGER, SIGN, HSM, VERIFY -> false;
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Subject ofWord(String word) {
    for (var subject : values()) {
      if (subject.word().equals(word)) {
        return subject;
      }
    }
    return null;
  }

  static String words() {
    return Arrays.stream(values()).map(Subject::word).collect(Collectors.joining("|"));
  }
}
