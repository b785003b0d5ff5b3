package dev.ingam.issuance.ledger;

import java.security.DigestException;
import java.security.MessageDigest;

/// The root of a Merkle tree as in [RFC 6962, section
/// 2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1), leaf by leaf: SHA-256, leaves hashed
/// behind a byte 0, nodes behind a byte 1. Holds one hash for each level and nothing else.
final class MerkleTree {
  static final int HASH_BYTES = 32;

  private static final int LEVELS = 32;
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha256 = Names.sha256();

  /// One full subtree for each bit set in the size, the biggest at the highest bit.
  private final byte[][] full = new byte[LEVELS][HASH_BYTES];

  private int size;

  void add(byte[] leaf) {
    byte[] hash = new byte[HASH_BYTES];
    sha256.update(LEAF);
    sha256.update(leaf);
    digest(hash);
    int level = 0;
    for (int bits = size; (bits & 1) != 0; bits >>>= 1) {
      node(full[level++], hash, hash);
    }
    full[level] = hash;
    size++;
  }

  byte[] root() {
    if (size == 0) {
      return sha256.digest();
    }
    int level = Integer.numberOfTrailingZeros(size);
    byte[] root = full[level].clone();
    for (level++; size >>> level != 0; level++) {
      if ((size >>> level & 1) != 0) {
        node(full[level], root, root);
      }
    }
    return root;
  }

  private void node(byte[] left, byte[] right, byte[] to) {
    sha256.update(NODE);
    sha256.update(left);
    sha256.update(right);
    digest(to);
  }

  private void digest(byte[] to) {
    try {
      sha256.digest(to, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("expected SHA-256 to fill 32 bytes", e);
    }
  }
}
