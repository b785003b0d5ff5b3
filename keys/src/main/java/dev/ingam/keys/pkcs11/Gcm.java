package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/// AES-GCM as PKCS #11 2.40 has it: `CK_GCM_PARAMS` with the nonce, the data that is authenticated
/// beside, and a tag of 128 bits.
final class Gcm {
  private static final int PARAMS = 6;
  private static final long TAG_BITS = 128;

  /// What tokens answer when the tag is not right; the last is SoftHSM2's.
  private static final Set<Long> REFUSED =
      Set.of(
          Ck.CKR_ENCRYPTED_DATA_INVALID,
          Ck.CKR_ENCRYPTED_DATA_LEN_RANGE,
          Ck.CKR_DATA_INVALID,
          Ck.CKR_GENERAL_ERROR);

  private Gcm() {}

  static MemorySegment mechanism(Arena arena, byte[] nonce, byte[] context) {
    var params = arena.allocate(JAVA_LONG, PARAMS);
    params.setAtIndex(ADDRESS, 0, arena.allocateFrom(JAVA_BYTE, nonce));
    params.setAtIndex(JAVA_LONG, 1, nonce.length);
    params.setAtIndex(JAVA_LONG, 2, nonce.length * 8L);
    params.setAtIndex(ADDRESS, 3, arena.allocateFrom(JAVA_BYTE, context));
    params.setAtIndex(JAVA_LONG, 4, context.length);
    params.setAtIndex(JAVA_LONG, 5, TAG_BITS);
    return Scheme.mechanism(arena, Ck.CKM_AES_GCM, params);
  }

  static boolean isRefused(RejectedException e) {
    return REFUSED.contains(e.value());
  }
}
