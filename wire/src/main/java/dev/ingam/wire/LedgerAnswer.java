package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// What the ledger says of the item with the same request id; accepted when there is no reason
/// against it.
public record LedgerAnswer(String requestId, @Nullable Reason reason) {
  public LedgerAnswer {
    if (!LedgerItem.isRequestId(requestId)) {
      throw new IllegalArgumentException("expected a request id of 16 bytes in base64url");
    }
  }

  public boolean accepted() {
    return reason == null;
  }
}
