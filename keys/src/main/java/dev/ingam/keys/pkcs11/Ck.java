package dev.ingam.keys.pkcs11;

import java.util.Map;

/// The numbers of [PKCS
/// #11](https://docs.oasis-open.org/pkcs11/pkcs11-base/v2.40/pkcs11-base-v2.40.html) that we use,
/// under its names. Those of EdDSA are of version 3.0.
final class Ck {
  static final long CKR_OK = 0;
  static final long CKR_GENERAL_ERROR = 0x5;
  static final long CKR_DATA_INVALID = 0x20;
  static final long CKR_ENCRYPTED_DATA_INVALID = 0x40;
  static final long CKR_ENCRYPTED_DATA_LEN_RANGE = 0x41;
  static final long CKR_ATTRIBUTE_SENSITIVE = 0x11;
  static final long CKR_ATTRIBUTE_TYPE_INVALID = 0x12;
  static final long CKR_KEY_HANDLE_INVALID = 0x60;
  static final long CKR_MECHANISM_INVALID = 0x70;
  static final long CKR_MECHANISM_PARAM_INVALID = 0x71;
  static final long CKR_OBJECT_HANDLE_INVALID = 0x82;
  static final long CKR_PIN_INCORRECT = 0xA0;
  static final long CKR_PIN_INVALID = 0xA1;
  static final long CKR_PIN_LEN_RANGE = 0xA2;
  static final long CKR_PIN_EXPIRED = 0xA3;
  static final long CKR_PIN_LOCKED = 0xA4;
  static final long CKR_USER_ALREADY_LOGGED_IN = 0x100;
  static final long CKR_USER_PIN_NOT_INITIALIZED = 0x102;
  static final long CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
  static final long CKR_DEVICE_REMOVED = 0x32;

  /// Those that a device or the way to it gives when it went away, came back, or forgot our
  /// sessions.
  static final Map<Long, String> LOST =
      Map.ofEntries(
          Map.entry(0x03L, "CKR_SLOT_ID_INVALID"),
          Map.entry(CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR"),
          Map.entry(0x06L, "CKR_FUNCTION_FAILED"),
          Map.entry(0x30L, "CKR_DEVICE_ERROR"),
          Map.entry(0x31L, "CKR_DEVICE_MEMORY"),
          Map.entry(CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED"),
          Map.entry(CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID"),
          Map.entry(CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID"),
          Map.entry(0xB0L, "CKR_SESSION_CLOSED"),
          Map.entry(0xB3L, "CKR_SESSION_HANDLE_INVALID"),
          Map.entry(0xE0L, "CKR_TOKEN_NOT_PRESENT"),
          Map.entry(0xE1L, "CKR_TOKEN_NOT_RECOGNIZED"),
          Map.entry(0x101L, "CKR_USER_NOT_LOGGED_IN"),
          Map.entry(0x190L, "CKR_CRYPTOKI_NOT_INITIALIZED"));

  /// A PIN that the token does not take; trying it again may lock the token.
  static final Map<Long, String> PIN_REFUSED =
      Map.of(
          CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT",
          CKR_PIN_INVALID, "CKR_PIN_INVALID",
          CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE",
          CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED",
          CKR_PIN_LOCKED, "CKR_PIN_LOCKED",
          CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED");

  /// Values from here on are of makers, who tell by them that their device is away.
  static final long CKR_VENDOR_DEFINED = 0x80000000L;

  static final long CKF_USER_PIN_FINAL_TRY = 0x20000;
  static final long CKF_USER_PIN_LOCKED = 0x40000;
  static final long CKF_RW_SESSION = 2;
  static final long CKF_SERIAL_SESSION = 4;
  static final long CKF_OS_LOCKING_OK = 2;
  static final long CKU_USER = 1;
  static final long CKS_RW_USER_FUNCTIONS = 3;

  static final long CKO_DATA = 0;
  static final long CKO_PUBLIC_KEY = 2;
  static final long CKO_PRIVATE_KEY = 3;
  static final long CKO_SECRET_KEY = 4;

  static final long CKA_CLASS = 0x0;
  static final long CKA_TOKEN = 0x1;
  static final long CKA_PRIVATE = 0x2;
  static final long CKA_LABEL = 0x3;
  static final long CKA_APPLICATION = 0x10;
  static final long CKA_VALUE = 0x11;
  static final long CKA_ID = 0x102;
  static final long CKA_SENSITIVE = 0x103;
  static final long CKA_ENCRYPT = 0x104;
  static final long CKA_DECRYPT = 0x105;
  static final long CKA_WRAP = 0x106;
  static final long CKA_UNWRAP = 0x107;
  static final long CKA_SIGN = 0x108;
  static final long CKA_VERIFY = 0x10A;
  static final long CKA_DERIVE = 0x10C;
  static final long CKA_MODULUS = 0x120;
  static final long CKA_MODULUS_BITS = 0x121;
  static final long CKA_PUBLIC_EXPONENT = 0x122;
  static final long CKA_PRIVATE_EXPONENT = 0x123;
  static final long CKA_VALUE_LEN = 0x161;
  static final long CKA_EXTRACTABLE = 0x162;
  static final long CKA_LOCAL = 0x163;
  static final long CKA_NEVER_EXTRACTABLE = 0x164;
  static final long CKA_ALWAYS_SENSITIVE = 0x165;
  static final long CKA_MODIFIABLE = 0x170;
  static final long CKA_EC_PARAMS = 0x180;
  static final long CKA_EC_POINT = 0x181;

  static final long CKM_RSA_PKCS_KEY_PAIR_GEN = 0x0;
  static final long CKM_SHA256_RSA_PKCS = 0x40;
  static final long CKM_SHA256_RSA_PKCS_PSS = 0x43;
  static final long CKM_SHA256 = 0x250;
  static final long CKM_EC_KEY_PAIR_GEN = 0x1040;
  static final long CKM_ECDSA = 0x1041;
  static final long CKM_AES_KEY_GEN = 0x1080;
  static final long CKM_AES_GCM = 0x1087;
  static final long CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
  static final long CKM_EDDSA = 0x1057;
  static final long CKG_MGF1_SHA256 = 2;

  static final long CK_UNAVAILABLE_INFORMATION = -1;

  private Ck() {}
}
