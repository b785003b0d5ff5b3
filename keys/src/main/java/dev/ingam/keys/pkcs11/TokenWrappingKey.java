package dev.ingam.keys.pkcs11;

import dev.ingam.keys.AesGcm;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.WrappingKey;
import dev.ingam.keys.disk.SecretFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// An AES key in a token under which master keys are wrapped (AES-256-GCM, done by the token). It
/// is made at its first use, never leaves the token and encrypts and decrypts alone.
public final class TokenWrappingKey implements WrappingKey {
  private static final int ID_BYTES = 8;
  private static final int KEY_BYTES = 32;

  private final Partition partition;
  private final String label;
  private final SecureRandom random;
  private final ReentrantLock making = new ReentrantLock();

  private TokenWrappingKey(Partition partition, String label, SecureRandom random) {
    this.partition = partition;
    this.label = label;
    this.random = random;
  }

  /// @param installation whose master keys are wrapped; its id is in the label of the key
  /// @param token bears no store: who condemns one must not lose this key
  /// @param nanos a monotonic clock
  public static TokenWrappingKey in(
      PartitionConfig token,
      String installation,
      Libraries libraries,
      SecretFiles files,
      SecureRandom random,
      LongSupplier nanos) {
    var partition = new Partition(token, libraries.at(token.library()), files, nanos, _ -> {});
    return new TokenWrappingKey(partition, "ingam wrapping " + installation, random);
  }

  /// Empty while there is none: who only asks makes no key.
  @Override
  public String id() {
    return partition.call((session, _) -> {
      try (var arena = Arena.ofConfined()) {
        var found = session.find(wanted(arena));
        return found.isEmpty()
            ? ""
            : HexFormat.of().formatHex(session.read(checked(session, found), Ck.CKA_ID));
      }
    });
  }

  @Override
  public byte[] wrap(byte[] secret, byte[] context) {
    var nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    return partition.call((session, _) -> {
      try (var arena = Arena.ofConfined()) {
        var sealed = session.encrypt(Gcm.mechanism(arena, nonce, context), key(session), secret);
        return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
      }
    });
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] context) {
    if (wrapped.length < AesGcm.NONCE_BYTES) {
      throw new IllegalArgumentException("expected a nonce of 12 bytes");
    }
    var nonce = new byte[AesGcm.NONCE_BYTES];
    var sealed = new byte[wrapped.length - AesGcm.NONCE_BYTES];
    ByteBuffer.wrap(wrapped).get(nonce).get(sealed);
    return partition.call((session, _) -> {
      try (var arena = Arena.ofConfined()) {
        return session.decrypt(Gcm.mechanism(arena, nonce, context), there(session), sealed);
      } catch (RejectedException e) {
        if (Gcm.isRefused(e)) {
          throw new IllegalArgumentException("expected another wrapping key, or other bytes");
        }
        throw e;
      }
    });
  }

  @Override
  public String toString() {
    return "TokenWrappingKey[" + partition.config().token() + "]";
  }

  private long key(Session session) {
    try (var arena = Arena.ofConfined()) {
      var found = session.find(wanted(arena));
      return checked(session, found.isEmpty() ? made(session, arena) : found);
    }
  }

  /// What was wrapped was wrapped by a key that is there. To make another one now would only hide
  /// that it is not.
  private long there(Session session) {
    try (var arena = Arena.ofConfined()) {
      var found = session.find(wanted(arena));
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            "expected the wrapping key in token " + partition.config().token() + ", came none");
      }
      return checked(session, found);
    }
  }

  /// One thread makes it, and the others find it.
  private List<Long> made(Session session, Arena arena) {
    making.lock();
    try {
      var found = session.find(wanted(arena));
      if (found.isEmpty()) {
        make(session);
        found = session.find(wanted(arena));
      }
      return found;
    } finally {
      making.unlock();
    }
  }

  private Template wanted(Arena arena) {
    return new Template(arena).with(Ck.CKA_CLASS, Ck.CKO_SECRET_KEY).with(Ck.CKA_LABEL, label);
  }

  private long checked(Session session, List<Long> found) {
    long key = found.getFirst();
    if (found.size() > 1 || !HsmObjects.isCaptive(session, key, Ck.CKA_VALUE)) {
      throw new KeysException(
          KeysException.Code.KEY_EXPOSED,
          "expected in token "
              + partition.config().token()
              + " one wrapping key of this installation that was made in it and cannot be read or changed, came "
              + (found.size() > 1 ? String.valueOf(found.size()) : "another")
              + "; find out who put it there");
    }
    return key;
  }

  private void make(Session session) {
    var id = new byte[ID_BYTES];
    random.nextBytes(id);
    try (var arena = Arena.ofConfined()) {
      session.generate(
          Scheme.mechanism(arena, Ck.CKM_AES_KEY_GEN, MemorySegment.NULL),
          wanted(arena)
              .with(Ck.CKA_TOKEN, true)
              .with(Ck.CKA_PRIVATE, true)
              .with(Ck.CKA_SENSITIVE, true)
              .with(Ck.CKA_EXTRACTABLE, false)
              .with(Ck.CKA_MODIFIABLE, false)
              .with(Ck.CKA_ENCRYPT, true)
              .with(Ck.CKA_DECRYPT, true)
              .with(Ck.CKA_WRAP, false)
              .with(Ck.CKA_UNWRAP, false)
              .with(Ck.CKA_VALUE_LEN, (long) KEY_BYTES)
              .with(Ck.CKA_ID, id));
    }
  }
}
