package dev.ingam.wire;

import org.jspecify.annotations.Nullable;

/// What a signing key signs. A key of one purpose signs, and verifies, nothing else.
public enum KeyPurpose {
  ACCESS_TOKEN("access-token"),
  ID_TOKEN("id-token"),
  LOG_CHECKPOINT("log-checkpoint"),
  STATEMENT("statement");

  private final String wireName;

  KeyPurpose(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  public static @Nullable KeyPurpose ofWireName(String name) {
    for (var purpose : values()) {
      if (purpose.wireName.equals(name)) {
        return purpose;
      }
    }
    return null;
  }
}
