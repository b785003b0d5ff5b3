package dev.ingam.issuance.session;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of `issuance.session`.
record SessionRow(
    byte[] hash,
    String subject,
    String openedBy,
    Instant loginAt,
    Instant openedAt,
    Instant expiresAt,
    String method,
    String source,
    int maxTokens,
    int tokens,
    @Nullable Instant endedAt,
    long version,
    byte[] mac) {
  /// What the MAC is over: all but the token count, which grows without one.
  List<@Nullable String> columns() {
    return Arrays.asList(
        subject,
        openedBy,
        loginAt.toString(),
        openedAt.toString(),
        expiresAt.toString(),
        method,
        source,
        Integer.toString(maxTokens),
        endedAt == null ? null : endedAt.toString());
  }

  String id() {
    return java.util.HexFormat.of().formatHex(hash);
  }

  SessionRow withMac(byte[] newMac) {
    return new SessionRow(
        hash, subject, openedBy, loginAt, openedAt, expiresAt, method, source, maxTokens, tokens,
        endedAt, version, newMac);
  }

  SessionRow ended(Instant at) {
    return new SessionRow(
        hash,
        subject,
        openedBy,
        loginAt,
        openedAt,
        expiresAt,
        method,
        source,
        maxTokens,
        tokens,
        at,
        version + 1,
        mac);
  }

  @Override
  public String toString() {
    return "SessionRow[redacted]";
  }
}
