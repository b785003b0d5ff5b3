package dev.ingam.issuance.session;

import java.util.Collection;
import java.util.Set;

/// Whether subjects exist. Safe for concurrent calls; answers may be a second old.
public interface Subjects {
  /// What is known of a subject.
  enum Standing {
    KNOWN,
    UNKNOWN,
    /// Left; nothing is issued for them and nothing disclosed.
    WITHDRAWN
  }

  /// The standing of one subject.
  Standing standing(String subject);

  /// Those of the given that are not known, in one question.
  Set<String> unknownAmong(Collection<String> subjects);
}
