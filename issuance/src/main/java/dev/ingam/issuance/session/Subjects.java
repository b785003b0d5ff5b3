package dev.ingam.issuance.session;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Whether subjects exist, and who of them left. Every answer is what is committed when it is asked
/// for. Safe for concurrent calls.
public interface Subjects {
  /// What is known of a subject.
  enum Standing {
    KNOWN,
    UNKNOWN,
    /// Left; nothing is issued for them and nothing disclosed.
    WITHDRAWN
  }

  /// One who left.
  ///
  /// @param number in the order of the commits, from 1; gaps are nobody
  record Withdrawal(long number, String subject) {
    @Override
    public String toString() {
      return "Withdrawal[" + number + ", redacted]";
    }
  }

  /// The standing of one subject.
  Standing standing(String subject);

  /// The number of the last withdrawal; 0 when there was none.
  long lastWithdrawal();

  /// At most `limit` of those who left behind this number, in order. Nobody appears later under a
  /// number that was passed by.
  List<Withdrawal> withdrawnAfter(long number, int limit);

  /// Those of the given that are not known, in one question.
  Set<String> unknownAmong(Collection<String> subjects);
}
