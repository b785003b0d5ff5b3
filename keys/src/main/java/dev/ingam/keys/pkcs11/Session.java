package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session with a token, with native memory of its own for what it signs. Used by one thread at a
/// time.
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /// A signing input is a token of at most 8 KiB; the longest signature has 512 bytes.
  private static final int MOST_INPUT = 16 * 1024;

  private static final int MOST_SIGNATURE = 512;
  private static final int BATCH = 64;
  private static final int SESSION_INFO_LONGS = 4;
  private static final int MOST_VALUE = 4096;
  private static final int MOST_OVERHEAD = 64;

  private final Cryptoki cryptoki;
  private final long handle;
  private final long connection;
  private final MemorySegment input;
  private final MemorySegment signature;
  private final MemorySegment length;

  private Session(Cryptoki cryptoki, long handle, long connection, Arena arena) {
    this.cryptoki = cryptoki;
    this.handle = handle;
    this.connection = connection;
    this.input = arena.allocate(MOST_INPUT);
    this.signature = arena.allocate(MOST_SIGNATURE);
    this.length = arena.allocate(JAVA_LONG);
  }

  /// @param connection the number of the connection that it belongs to
  static Session open(Cryptoki cryptoki, long slot, long connection) {
    // Its memory goes with it: sessions are few and live long.
    var arena = Arena.ofAuto();
    var handle = arena.allocate(JAVA_LONG);
    cryptoki.openSession(slot, handle);
    return new Session(cryptoki, handle.get(JAVA_LONG, 0), connection, arena);
  }

  long connection() {
    return connection;
  }

  /// Logs in for all sessions with this token.
  void login(byte[] pin) {
    try (var arena = Arena.ofConfined()) {
      var copy = arena.allocateFrom(JAVA_BYTE, pin);
      try {
        cryptoki.login(handle, copy);
      } catch (RejectedException e) {
        if (e.value() != Ck.CKR_USER_ALREADY_LOGGED_IN) {
          throw e;
        }
      } finally {
        copy.fill((byte) 0);
      }
    }
  }

  byte[] sign(MemorySegment mechanism, long key, byte[] data) {
    if (data.length > MOST_INPUT) {
      throw new IllegalArgumentException("expected at most " + MOST_INPUT + " bytes to sign");
    }
    MemorySegment.copy(data, 0, input, JAVA_BYTE, 0, data.length);
    length.set(JAVA_LONG, 0, MOST_SIGNATURE);
    cryptoki.sign(handle, mechanism, key, input.asSlice(0, data.length), signature, length);
    return signature.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
  }

  /// The public key first, then the private one.
  long[] generate(MemorySegment mechanism, Template publicKey, Template privateKey) {
    try (var arena = Arena.ofConfined()) {
      var handles = arena.allocate(JAVA_LONG, 2);
      cryptoki.generateKeyPair(handle, mechanism, publicKey, privateKey, handles);
      return handles.toArray(JAVA_LONG);
    }
  }

  void generate(MemorySegment mechanism, Template template) {
    try (var arena = Arena.ofConfined()) {
      cryptoki.generateKey(handle, mechanism, template, arena.allocate(JAVA_LONG));
    }
  }

  byte[] encrypt(MemorySegment mechanism, long key, byte[] data) {
    try (var arena = Arena.ofConfined()) {
      var sealed = arena.allocate(data.length + MOST_OVERHEAD);
      var size = arena.allocateFrom(JAVA_LONG, sealed.byteSize());
      var clear = arena.allocateFrom(JAVA_BYTE, data);
      try {
        cryptoki.encrypt(handle, mechanism, key, clear, sealed, size);
      } finally {
        clear.fill((byte) 0);
      }
      return sealed.asSlice(0, size.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }
  }

  byte[] decrypt(MemorySegment mechanism, long key, byte[] sealed) {
    try (var arena = Arena.ofConfined()) {
      var data = arena.allocate(sealed.length + MOST_OVERHEAD);
      var size = arena.allocateFrom(JAVA_LONG, data.byteSize());
      cryptoki.decrypt(handle, mechanism, key, arena.allocateFrom(JAVA_BYTE, sealed), data, size);
      var clear = data.asSlice(0, size.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
      data.fill((byte) 0);
      return clear;
    }
  }

  void create(Template template) {
    try (var arena = Arena.ofConfined()) {
      cryptoki.createObject(handle, template, arena.allocate(JAVA_LONG));
    }
  }

  void destroy(long object) {
    cryptoki.destroyObject(handle, object);
  }

  /// The objects that are so. A session without a log-in sees no private one, and no error tells:
  /// so that there is none is believed of one that is logged in alone.
  ///
  /// @throws RejectedException that the token is lost, when it forgot our log-in
  List<Long> find(Template template) {
    var found = new ArrayList<Long>();
    try (var arena = Arena.ofConfined()) {
      var batch = arena.allocate(JAVA_LONG, BATCH);
      var count = arena.allocate(JAVA_LONG);
      cryptoki.findObjectsInit(handle, template);
      do {
        cryptoki.findObjects(handle, batch, BATCH, count);
        for (int i = 0; i < count.get(JAVA_LONG, 0); i++) {
          found.add(batch.getAtIndex(JAVA_LONG, i));
        }
      } while (count.get(JAVA_LONG, 0) == BATCH);
      cryptoki.findObjectsFinal(handle);
    }
    if (found.isEmpty() && !isLoggedIn()) {
      throw RejectedException.lost("it forgot our log-in");
    }
    return found;
  }

  private boolean isLoggedIn() {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(JAVA_LONG, SESSION_INFO_LONGS);
      cryptoki.getSessionInfo(handle, info);
      return info.getAtIndex(JAVA_LONG, 1) == Ck.CKS_RW_USER_FUNCTIONS;
    }
  }

  byte[] read(long object, long attribute) {
    try (var arena = Arena.ofConfined()) {
      var template = new Template(arena).room(attribute, MOST_VALUE);
      cryptoki.getAttributeValue(handle, object, template);
      return template.value(0);
    }
  }

  boolean isSet(long object, long attribute) {
    var value = read(object, attribute);
    return value.length == 1 && value[0] != 0;
  }

  /// Whether the token refuses to tell this attribute, because it is secret or because such a key
  /// has none.
  boolean refusesToTell(long object, long attribute) {
    try {
      read(object, attribute);
      return false;
    } catch (RejectedException e) {
      if (e.value() == Ck.CKR_ATTRIBUTE_SENSITIVE || e.value() == Ck.CKR_ATTRIBUTE_TYPE_INVALID) {
        return true;
      }
      throw e;
    }
  }

  /// Ends it, if the token still knows it; then nobody may use it.
  void end() {
    try {
      cryptoki.closeSession(handle);
    } catch (RejectedException e) {
      LOG.atDebug().addKeyValue("answer", e.getMessage()).log("a session ended by itself");
    }
  }

  @Override
  public String toString() {
    return "Session[" + handle + " of connection " + connection + "]";
  }
}
