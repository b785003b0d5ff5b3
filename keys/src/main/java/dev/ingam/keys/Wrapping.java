package dev.ingam.keys;

import org.jspecify.annotations.Nullable;

/// Under which keys of the operator's the master keys of stores lie.
///
/// @param now under which they are written; null for in clear
/// @param before under which some may lie still, until their store is opened next; null for none
public record Wrapping(@Nullable WrappingKey now, @Nullable WrappingKey before) {
  /// In clear.
  public static final Wrapping NONE = new Wrapping(null, null);

  /// The one of this id; null when it is neither.
  public @Nullable WrappingKey find(String id) {
    if (now != null && now.id().equals(id)) {
      return now;
    }
    return before != null && before.id().equals(id) ? before : null;
  }

  @Override
  public String toString() {
    return "Wrapping["
        + (now == null ? "none" : now.id())
        + (before == null ? "" : ", before " + before.id())
        + "]";
  }
}
