package dev.ingam.server.start;

import org.jspecify.annotations.Nullable;

/// Why the server does not start: what was expected, what came, and what to do. Printed as it is,
/// without a stack trace.
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartFailure(String expected, String came, String advice) {
    this(expected, came, advice, null);
  }

  public StartFailure(String expected, String came, String advice, @Nullable Throwable cause) {
    super("expected " + expected + "; came " + came + "; " + advice, cause);
  }
}
