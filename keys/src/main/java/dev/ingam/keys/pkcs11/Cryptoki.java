package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ingam.keys.KeysException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// The functions of one PKCS #11 library that we use, one method each, on native memory that the
/// caller brings. On Linux of 64 bits, where `CK_ULONG` and pointers have eight bytes and
/// structures are not packed. Whatever is not `CKR_OK` is a [RejectedException].
///
/// Safe to call concurrently, each session by one thread at a time, as the standard has it.
@SuppressWarnings("restricted") // Native calls are what it is for.
final class Cryptoki {
  /// The function list begins with a version of two bytes, padded to eight; the pointers follow in
  /// the order of the standard.
  private static final long FIRST_POINTER = 8;

  private static final long POINTERS = 68;
  private static final long INITIALIZE_ARGS_BYTES = 48;
  private static final long INITIALIZE_FLAGS = 32;

  private static final MethodHandle INITIALIZE = function(ADDRESS);
  private static final MethodHandle FINISH = function(ADDRESS);
  private static final MethodHandle GET_SLOT_LIST = function(JAVA_BYTE, ADDRESS, ADDRESS);
  private static final MethodHandle GET_TOKEN_INFO = function(JAVA_LONG, ADDRESS);
  private static final MethodHandle OPEN_SESSION =
      function(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle CLOSE_SESSION = function(JAVA_LONG);
  private static final MethodHandle CLOSE_ALL_SESSIONS = function(JAVA_LONG);
  private static final MethodHandle GET_SESSION_INFO = function(JAVA_LONG, ADDRESS);
  private static final MethodHandle LOGIN = function(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle CREATE_OBJECT =
      function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle DESTROY_OBJECT = function(JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GET_ATTRIBUTE_VALUE =
      function(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle FIND_OBJECTS_INIT = function(JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle FIND_OBJECTS = function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle FIND_OBJECTS_FINAL = function(JAVA_LONG);
  private static final MethodHandle BEGIN = function(JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle DO = function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final MethodHandle GENERATE_KEY =
      function(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle GENERATE_KEY_PAIR =
      function(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);

  private final MemorySegment functions;

  private Cryptoki(MemorySegment functions) {
    this.functions = functions;
  }

  /// Loads a library; it stays loaded for the life of the process.
  ///
  /// @throws KeysException CONFIGURATION when it is no PKCS #11 library
  static Cryptoki load(Path library) {
    try {
      var symbols = SymbolLookup.libraryLookup(library, Arena.global());
      var getFunctionList =
          Linker.nativeLinker()
              .downcallHandle(
                  symbols.findOrThrow("C_GetFunctionList"),
                  FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      try (var arena = Arena.ofConfined()) {
        var list = arena.allocate(ADDRESS);
        check("C_GetFunctionList", (long) getFunctionList.invokeExact(list));
        return new Cryptoki(
            list.get(ADDRESS, 0).reinterpret(FIRST_POINTER + POINTERS * ADDRESS.byteSize()));
      }
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new KeysException(
          KeysException.Code.CONFIGURATION,
          "expected a PKCS #11 library for this machine at " + library + "; it does not load",
          e);
    }
  }

  /// Makes the library ready for many threads. One that somebody else in this process made ready is
  /// used as it is.
  void initialize() {
    try (var arena = Arena.ofConfined()) {
      var args = arena.allocate(INITIALIZE_ARGS_BYTES, ADDRESS.byteAlignment());
      args.set(JAVA_LONG, INITIALIZE_FLAGS, Ck.CKF_OS_LOCKING_OK);
      long answer = (long) INITIALIZE.invokeExact(at(0), args);
      if (answer != Ck.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        check("C_Initialize", answer);
      }
    } catch (Throwable e) {
      throw sneaked(e);
    }
  }

  /// Ends all sessions and whatever the library holds.
  void finish() {
    call("C_Finalize", () -> (long) FINISH.invokeExact(at(1), MemorySegment.NULL));
  }

  void getSlotList(MemorySegment slots, MemorySegment count) {
    call("C_GetSlotList", () -> (long) GET_SLOT_LIST.invokeExact(at(4), (byte) 1, slots, count));
  }

  void getTokenInfo(long slot, MemorySegment info) {
    call("C_GetTokenInfo", () -> (long) GET_TOKEN_INFO.invokeExact(at(6), slot, info));
  }

  void openSession(long slot, MemorySegment session) {
    call(
        "C_OpenSession",
        () ->
            (long)
                OPEN_SESSION.invokeExact(
                    at(12),
                    slot,
                    Ck.CKF_SERIAL_SESSION | Ck.CKF_RW_SESSION,
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    session));
  }

  void closeSession(long session) {
    call("C_CloseSession", () -> (long) CLOSE_SESSION.invokeExact(at(13), session));
  }

  void closeAllSessions(long slot) {
    call("C_CloseAllSessions", () -> (long) CLOSE_ALL_SESSIONS.invokeExact(at(14), slot));
  }

  void getSessionInfo(long session, MemorySegment info) {
    call("C_GetSessionInfo", () -> (long) GET_SESSION_INFO.invokeExact(at(15), session, info));
  }

  void login(long session, MemorySegment pin) {
    call(
        "C_Login",
        () -> (long) LOGIN.invokeExact(at(18), session, Ck.CKU_USER, pin, pin.byteSize()));
  }

  void createObject(long session, Template template, MemorySegment object) {
    call(
        "C_CreateObject",
        () ->
            (long)
                CREATE_OBJECT.invokeExact(
                    at(20), session, template.segment(), template.count(), object));
  }

  void destroyObject(long session, long object) {
    call("C_DestroyObject", () -> (long) DESTROY_OBJECT.invokeExact(at(22), session, object));
  }

  void getAttributeValue(long session, long object, Template template) {
    call(
        "C_GetAttributeValue",
        () ->
            (long)
                GET_ATTRIBUTE_VALUE.invokeExact(
                    at(24), session, object, template.segment(), template.count()));
  }

  void findObjectsInit(long session, Template template) {
    call(
        "C_FindObjectsInit",
        () ->
            (long)
                FIND_OBJECTS_INIT.invokeExact(
                    at(26), session, template.segment(), template.count()));
  }

  void findObjects(long session, MemorySegment objects, long most, MemorySegment count) {
    call(
        "C_FindObjects",
        () -> (long) FIND_OBJECTS.invokeExact(at(27), session, objects, most, count));
  }

  void findObjectsFinal(long session) {
    call("C_FindObjectsFinal", () -> (long) FIND_OBJECTS_FINAL.invokeExact(at(28), session));
  }

  void sign(
      long session,
      MemorySegment mechanism,
      long key,
      MemorySegment data,
      MemorySegment signature,
      MemorySegment size) {
    begin("C_SignInit", 42, session, mechanism, key);
    run("C_Sign", 43, session, data, signature, size);
  }

  void encrypt(
      long session,
      MemorySegment mechanism,
      long key,
      MemorySegment data,
      MemorySegment sealed,
      MemorySegment size) {
    begin("C_EncryptInit", 29, session, mechanism, key);
    run("C_Encrypt", 30, session, data, sealed, size);
  }

  void decrypt(
      long session,
      MemorySegment mechanism,
      long key,
      MemorySegment sealed,
      MemorySegment data,
      MemorySegment size) {
    begin("C_DecryptInit", 33, session, mechanism, key);
    run("C_Decrypt", 34, session, sealed, data, size);
  }

  void generateKey(long session, MemorySegment mechanism, Template key, MemorySegment handle) {
    call(
        "C_GenerateKey",
        () ->
            (long)
                GENERATE_KEY.invokeExact(
                    at(58), session, mechanism, key.segment(), key.count(), handle));
  }

  void generateKeyPair(
      long session,
      MemorySegment mechanism,
      Template publicKey,
      Template privateKey,
      MemorySegment handles) {
    call(
        "C_GenerateKeyPair",
        () ->
            (long)
                GENERATE_KEY_PAIR.invokeExact(
                    at(59),
                    session,
                    mechanism,
                    publicKey.segment(),
                    publicKey.count(),
                    privateKey.segment(),
                    privateKey.count(),
                    handles.asSlice(0, JAVA_LONG.byteSize()),
                    handles.asSlice(JAVA_LONG.byteSize(), JAVA_LONG.byteSize())));
  }

  /// Sessions do one thing at a time with a key: it is begun, then done with all data at once.
  private void begin(String function, int place, long session, MemorySegment mechanism, long key) {
    call(function, () -> (long) BEGIN.invokeExact(at(place), session, mechanism, key));
  }

  /// @param size room in `output`, then what was written
  private void run(
      String function,
      int place,
      long session,
      MemorySegment input,
      MemorySegment output,
      MemorySegment size) {
    call(
        function,
        () -> (long) DO.invokeExact(at(place), session, input, input.byteSize(), output, size));
  }

  /// The function at this place of the list.
  private MemorySegment at(int place) {
    return functions.getAtIndex(ADDRESS, FIRST_POINTER / ADDRESS.byteSize() + place);
  }

  /// Calls a function with these parameters; the function itself comes first.
  private static MethodHandle function(MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, parameters));
  }

  private static void call(String function, Call call) {
    try {
      check(function, call.run());
    } catch (Throwable e) {
      throw sneaked(e);
    }
  }

  private static void check(String function, long answer) {
    if (answer != Ck.CKR_OK) {
      throw new RejectedException(function, answer);
    }
  }

  /// A method handle declares every throwable; ours throws none but unchecked ones.
  private static RuntimeException sneaked(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException("expected an unchecked exception", thrown);
    };
  }

  private interface Call {
    long run() throws Throwable;
  }
}
