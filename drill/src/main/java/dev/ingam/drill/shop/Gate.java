package dev.ingam.drill.shop;

/// What stands before the shop and says whose request this is. Safe to call from many threads.
interface Gate {
  Decision decide(String method, String path, String authorization);

  /// In or out.
  sealed interface Decision {
    /// In; the shop shows the pages of this subject.
    record Allowed(String subject) implements Decision {}

    /// Out, with the status and the reason for the caller.
    record Refused(int status, String reason) implements Decision {}
  }
}
