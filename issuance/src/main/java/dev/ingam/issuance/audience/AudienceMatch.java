package dev.ingam.issuance.audience;

/// What is decided for one audience.
public sealed interface AudienceMatch {
  /// This policy holds.
  record Found(Audience audience) implements AudienceMatch {}

  /// It has no policy of its own: the default holds.
  record Unnamed() implements AudienceMatch {}

  /// Its policy was changed or deleted in the database, so nobody knows what holds: it gets no
  /// token. The default must not take over.
  record InDoubt() implements AudienceMatch {}
}
