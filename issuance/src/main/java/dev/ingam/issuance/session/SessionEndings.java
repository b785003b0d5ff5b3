package dev.ingam.issuance.session;

/// What ends many sessions at once, without looking at each. Safe to call concurrently; never
/// waits.
public interface SessionEndings {
  /// Grows with each such ending. A session carries the number that held when it was opened.
  long epoch();

  /// Whether an ending reached this session.
  boolean reached(Session session);
}
