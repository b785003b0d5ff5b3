package dev.ingam.issuance;

import org.jspecify.annotations.Nullable;

/// One POST to the token endpoint or to one beside it, as it came.
///
/// @param listener where it came in
/// @param contentType the header's value
/// @param authorization the header's value
/// @param body the body, at most [#MAX_BODY] bytes of it plus one are needed to see that it is too
///   long
public record TokenRequest(
    Listener listener, @Nullable String contentType, @Nullable String authorization, byte[] body) {
  /// Longest body that is read.
  public static final int MAX_BODY = 32 * 1024;

  @Override
  public String toString() {
    return "TokenRequest[" + listener + ", redacted]";
  }
}
