package dev.ingam.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A PKCS #11 token and nothing around it: one session, one key, `C_SignInit` and `C_Sign` with
/// buffers that are made once. What no store can be faster than. The library must be ready and the
/// process logged in.
@SuppressWarnings("restricted") // Native calls are what it is for.
final class BareToken implements AutoCloseable {
  private static final long CKM_ECDSA = 0x1041;
  private static final long CKA_CLASS = 0;
  private static final long CKO_PRIVATE_KEY = 3;
  private static final long CKF_SERIAL_SESSION = 4;
  private static final int SLOTS = 64;
  private static final int DIGEST_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  private final Arena arena = Arena.ofShared();
  private final SymbolLookup symbols;
  private final MethodHandle signInit;
  private final MethodHandle sign;
  private final MemorySegment mechanism = arena.allocate(JAVA_LONG, 3);
  private final MemorySegment digest = arena.allocate(DIGEST_BYTES);
  private final MemorySegment signature = arena.allocate(SIGNATURE_BYTES);
  private final MemorySegment length = arena.allocate(JAVA_LONG);
  private final long session;
  private final long key;

  /// Opens the first token's first private key, which is for ES256.
  BareToken(Path library) {
    symbols = SymbolLookup.libraryLookup(library, arena);
    signInit = function("C_SignInit", JAVA_LONG, ADDRESS, JAVA_LONG);
    sign = function("C_Sign", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    mechanism.set(JAVA_LONG, 0, CKM_ECDSA);
    session = open();
    key = privateKey();
  }

  /// One signature over the same digest.
  long sign() {
    try {
      length.set(JAVA_LONG, 0, SIGNATURE_BYTES);
      check("C_SignInit", (long) signInit.invokeExact(session, mechanism, key));
      check(
          "C_Sign",
          (long) sign.invokeExact(session, digest, (long) DIGEST_BYTES, signature, length));
      return signature.get(JAVA_BYTE, 0);
    } catch (Throwable e) {
      throw new BenchException("The token does not sign: " + e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private long open() {
    var slots = arena.allocate(JAVA_LONG, SLOTS);
    var count = arena.allocateFrom(JAVA_LONG, SLOTS);
    var handle = arena.allocate(JAVA_LONG);
    try {
      var list = function("C_GetSlotList", JAVA_BYTE, ADDRESS, ADDRESS);
      check("C_GetSlotList", (long) list.invokeExact((byte) 1, slots, count));
      var open = function("C_OpenSession", JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
      check(
          "C_OpenSession",
          (long)
              open.invokeExact(
                  slots.get(JAVA_LONG, 0),
                  CKF_SERIAL_SESSION,
                  MemorySegment.NULL,
                  MemorySegment.NULL,
                  handle));
      return handle.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw new BenchException("The token does not open: " + e);
    }
  }

  private long privateKey() {
    var wanted = arena.allocate(JAVA_LONG, 3);
    wanted.setAtIndex(JAVA_LONG, 0, CKA_CLASS);
    wanted.setAtIndex(ADDRESS, 1, arena.allocateFrom(JAVA_LONG, CKO_PRIVATE_KEY));
    wanted.setAtIndex(JAVA_LONG, 2, JAVA_LONG.byteSize());
    var found = arena.allocate(JAVA_LONG);
    var count = arena.allocate(JAVA_LONG);
    try {
      var init = function("C_FindObjectsInit", JAVA_LONG, ADDRESS, JAVA_LONG);
      check("C_FindObjectsInit", (long) init.invokeExact(session, wanted, 1L));
      var find = function("C_FindObjects", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
      check("C_FindObjects", (long) find.invokeExact(session, found, 1L, count));
      var end = function("C_FindObjectsFinal", JAVA_LONG);
      check("C_FindObjectsFinal", (long) end.invokeExact(session));
    } catch (Throwable e) {
      throw new BenchException("The token finds nothing: " + e);
    }
    if (count.get(JAVA_LONG, 0) != 1) {
      throw new BenchException("expected a private key in the token");
    }
    return found.get(JAVA_LONG, 0);
  }

  private MethodHandle function(String name, MemoryLayout... parameters) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, parameters));
  }

  private static void check(String function, long answer) {
    if (answer != 0) {
      throw new BenchException(function + " answered 0x" + Long.toHexString(answer));
    }
  }
}
