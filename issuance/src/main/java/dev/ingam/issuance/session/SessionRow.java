package dev.ingam.issuance.session;

import java.time.Instant;
import java.util.ArrayList;
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
    long epoch,
    long version,
    byte[] mac) {
  /// What the MAC is over: all but the token count, which grows without one. Rows from before there
  /// were epochs have none in their MAC.
  List<@Nullable String> columns() {
    var columns = new ArrayList<@Nullable String>(always());
    if (epoch != 0) {
      columns.add(Long.toString(epoch));
    }
    return columns;
  }

  private List<@Nullable String> always() {
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
        endedAt, epoch, version, newMac);
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
        epoch,
        version + 1,
        mac);
  }

  @Override
  public String toString() {
    return "SessionRow[redacted]";
  }
}
