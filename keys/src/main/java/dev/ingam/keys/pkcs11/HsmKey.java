package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.SigningStore.Signer;
import dev.ingam.wire.Algorithm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One key in a token, with what its signers share: the mechanism, and the object's handle for as
/// long as the connection holds.
final class HsmKey {
  private final String handle;
  private final Algorithm algorithm;
  private final String label;
  private final byte[] id;
  private final Partition partition;
  private final MemorySegment mechanism;
  // Written by the store, under its lock.
  private boolean pending = true;
  private volatile boolean gone;
  private volatile Located located = new Located(0, 0);

  HsmKey(String handle, Algorithm algorithm, String label, byte[] id, Partition partition) {
    this.handle = handle;
    this.algorithm = algorithm;
    this.label = label;
    this.id = id;
    this.partition = partition;
    this.mechanism = new Scheme(algorithm).signing(Arena.ofAuto());
  }

  String handle() {
    return handle;
  }

  boolean isPending() {
    return pending;
  }

  void kept() {
    pending = false;
  }

  void destroyed() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  Signer signer() {
    return new TokenSigner();
  }

  private byte[] sign(byte[] input) {
    var prepared = new Scheme(algorithm).prepared(input);
    return partition.call(
        (session, connection) -> session.sign(mechanism, object(session, connection), prepared));
  }

  /// Looks whether the token has it and could sign.
  void find() {
    partition.call(this::object);
  }

  private long object(Session session, long connection) {
    var known = located;
    if (known.connection() == connection) {
      return known.object();
    }
    try (var arena = Arena.ofConfined()) {
      var found = session.find(half(arena, Ck.CKO_PRIVATE_KEY));
      if (found.isEmpty()) {
        gone = true;
        throw keyGone("expected it in its token; somebody destroyed it there");
      }
      if (found.size() > 1) {
        throw new KeysException(
            KeysException.Code.STORE_DAMAGED,
            "expected key "
                + handle
                + " once in its token, came "
                + found.size()
                + " of its id; find out who put the others there");
      }
      located = new Located(connection, found.getFirst());
      return found.getFirst();
    }
  }

  /// Finds one half of it.
  Template half(Arena arena, long kind) {
    return HsmObjects.half(arena, kind, label, id);
  }

  private KeysException keyGone(String why) {
    return new KeysException(KeysException.Code.KEY_GONE, "key " + handle + ": " + why);
  }

  /// @param object its handle in this connection
  private record Located(long connection, long object) {}

  private final class TokenSigner implements Signer {
    private volatile boolean closed;

    @Override
    public byte[] sign(byte[] input) {
      if (!isOpen()) {
        throw keyGone("it was destroyed or its signer closed");
      }
      return HsmKey.this.sign(input);
    }

    @Override
    public boolean isOpen() {
      return !closed && !gone;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public String toString() {
      return "TokenSigner[" + handle + "]";
    }
  }
}
