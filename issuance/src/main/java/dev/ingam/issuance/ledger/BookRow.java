package dev.ingam.issuance.ledger;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A book in the directory.
///
/// @param number random, unique in the directory
/// @param node who opened it and alone writes it
/// @param generation counts the books of a node, from 1
/// @param boot the boot of the host in which it was made
/// @param wrappedKey the book's key, sealed by the key store
/// @param count slots handed out; zero until it is sealed
/// @param root Merkle root; null until it is sealed
/// @param lastExpiry when the last token of it expires; null until it is sealed
/// @param version grows by one with each change
public record BookRow(
    int number,
    String node,
    long generation,
    Instant created,
    String boot,
    byte[] wrappedKey,
    int slots,
    State state,
    int count,
    byte @Nullable [] root,
    @Nullable Instant lastExpiry,
    long version) {
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// How far a book has come.
  public enum State {
    /// Made ahead of need or in use.
    OPEN,
    /// Closed under its root.
    SEALED,
    /// Its files are deleted.
    DROPPED
  }

  public BookRow {
    Objects.requireNonNull(created);
    if (!NODE.matcher(node).matches()) {
      throw new IllegalArgumentException(
          "expected a node name like node-1 of at most 64 characters, came one of "
              + node.length());
    }
    if (generation < 1 || version < 1 || slots < 1 || count < 0 || count > slots) {
      throw new IllegalArgumentException("expected a book's counts in their range");
    }
    if (state == State.SEALED && (root == null || lastExpiry == null)) {
      throw new IllegalArgumentException("expected root and last expiry of a sealed book");
    }
    if (root != null && root.length != 32) {
      throw new IllegalArgumentException("expected a root of 32 bytes, came " + root.length);
    }
  }

  BookRow sealed(int sealedCount, byte[] sealedRoot, Instant expiry) {
    return new BookRow(
        number,
        node,
        generation,
        created,
        boot,
        wrappedKey,
        slots,
        State.SEALED,
        sealedCount,
        sealedRoot,
        expiry,
        version + 1);
  }

  BookRow dropped() {
    return new BookRow(
        number,
        node,
        generation,
        created,
        boot,
        wrappedKey,
        slots,
        State.DROPPED,
        count,
        root,
        lastExpiry,
        version + 1);
  }

  /// The number as it stands in file names and in what people see.
  static String name(int number) {
    return String.format(Locale.ROOT, "%08x", number);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "BookRow[%s, %s, generation %d]", name(number), state, generation);
  }
}
