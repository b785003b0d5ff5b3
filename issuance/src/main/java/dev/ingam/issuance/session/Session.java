package dev.ingam.issuance.session;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A log-in session as this node holds it. Who and when never change; the tokens it bore and its
/// end do, from any thread.
public final class Session {
  private final SessionKey key;
  private final String subject;
  private final String openedBy;
  private final Instant openedAt;
  private final Instant expiresAt;
  private final long epoch;
  private final int maxTokens;
  private final AtomicInteger tokens;

  /// What the database knows of [#tokens]. Written under [Sessions]' flush lock.
  private volatile int savedTokens;

  private volatile boolean ended;

  Session(SessionRow row) {
    key = SessionKey.of(row.hash());
    subject = row.subject();
    openedBy = row.openedBy();
    openedAt = row.openedAt();
    expiresAt = row.expiresAt();
    epoch = row.epoch();
    maxTokens = row.maxTokens();
    tokens = new AtomicInteger(row.tokens());
    savedTokens = row.tokens();
    ended = row.endedAt() != null;
  }

  /// Who logged in. Personal.
  public String subject() {
    return subject;
  }

  /// The client that reported the log-in.
  public String openedBy() {
    return openedBy;
  }

  /// When it was opened.
  public Instant openedAt() {
    return openedAt;
  }

  /// What [SessionEndings#epoch] was when it was opened.
  public long epoch() {
    return epoch;
  }

  /// When it ends by itself.
  public Instant expiresAt() {
    return expiresAt;
  }

  /// The 16 bytes that tokens and journal name it by.
  public byte[] sid() {
    return key.sid();
  }

  /// The `sid` claim.
  public String sidText() {
    return key.sidText();
  }

  /// Whether it has neither ended nor run out.
  public boolean isLive(Instant now) {
    return !ended && now.isBefore(expiresAt);
  }

  /// Counts one more token; false when it has borne all it may.
  public boolean takeToken() {
    int before = tokens.getAndUpdate(count -> count < maxTokens ? count + 1 : count);
    return before < maxTokens;
  }

  SessionKey key() {
    return key;
  }

  int tokens() {
    return tokens.get();
  }

  int unsaved() {
    return tokens.get() - savedTokens;
  }

  void saved(int count) {
    savedTokens = count;
  }

  void end() {
    ended = true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "Session[" + openedAt + ", redacted]";
  }
}
