package dev.ingam.keys.pkcs11;

/// A return value of the library that is not `CKR_OK`, or what we take for one. It never leaves
/// this package: [Partition] answers it, by another try or by a [dev.ingam.keys.KeysException].
final class RejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long value;

  RejectedException(String function, long value) {
    this(value, function + " answered " + name(value));
  }

  private RejectedException(long value, String message) {
    super(message, null, false, false);
    this.value = value;
  }

  /// Says what the library does not: the device is not there as it should be.
  static RejectedException lost(String why) {
    return new RejectedException(Ck.CKR_DEVICE_REMOVED, why);
  }

  long value() {
    return value;
  }

  /// Whether the device, or our session with it, is gone: another session may do.
  boolean isLost() {
    return Ck.LOST.containsKey(value) || value >= Ck.CKR_VENDOR_DEFINED;
  }

  boolean isPinRefused() {
    return Ck.PIN_REFUSED.containsKey(value);
  }

  /// Its name where we know it, and its number.
  private static String name(long value) {
    var number = "0x" + Long.toHexString(value);
    var name = Ck.LOST.getOrDefault(value, Ck.PIN_REFUSED.get(value));
    return name == null ? number : name + " (" + number + ")";
  }
}
