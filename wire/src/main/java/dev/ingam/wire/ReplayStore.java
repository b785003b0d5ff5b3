package dev.ingam.wire;

import java.time.Instant;

/// Remembers the names of messages that may be presented once: client assertions ([RFC 7523 section
/// 3](https://www.rfc-editor.org/rfc/rfc7523#section-3), rule 7) and DPoP proofs ([RFC 9449 section
/// 11.1](https://www.rfc-editor.org/rfc/rfc9449#section-11.1)). Looking and remembering are one
/// step: of two who present the same at once one is the first. Safe to call concurrently.
public interface ReplayStore {
  /// What came of remembering.
  enum Outcome {
    FIRST_USE,
    REPLAYED,
    /// The owner holds its share; nothing was remembered.
    FULL,
    /// The clock was put back behind what was forgotten, so a replay could not be told.
    FORGOTTEN
  }

  /// Remembers a message that is good but for its name, until it is dead.
  ///
  /// @param owner who may present it; names of different owners are different
  /// @param deadFrom from then on it is refused for its age
  Outcome remember(String owner, String name, Instant deadFrom, Instant now);
}
