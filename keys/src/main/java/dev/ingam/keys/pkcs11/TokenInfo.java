package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a token says of itself: the texts in front of a `CK_TOKEN_INFO`, padded with blanks there,
/// and its flags.
record TokenInfo(String label, String manufacturer, String model, String serialNumber, long flags) {
  private static final long BYTES = 208;
  private static final int LONG_TEXT = 32;
  private static final int SHORT_TEXT = 16;
  private static final long LAST_TRY = Ck.CKF_USER_PIN_FINAL_TRY | Ck.CKF_USER_PIN_LOCKED;

  /// @throws RejectedException when the token cannot be asked
  static TokenInfo of(Cryptoki cryptoki, long slot) {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(BYTES, JAVA_LONG.byteAlignment());
      cryptoki.getTokenInfo(slot, info);
      return new TokenInfo(
          text(info, 0, LONG_TEXT),
          text(info, LONG_TEXT, LONG_TEXT),
          text(info, 2 * LONG_TEXT, SHORT_TEXT),
          text(info, 2 * LONG_TEXT + SHORT_TEXT, SHORT_TEXT),
          info.get(JAVA_LONG, 2 * LONG_TEXT + 2 * SHORT_TEXT));
    }
  }

  /// Whether a wrong PIN would lock it, or did.
  boolean isLastTry() {
    return (flags & LAST_TRY) != 0;
  }

  /// The device in one line, without what it leaves out.
  String device() {
    return Stream.of(
            named("", manufacturer),
            named("", model),
            named("serial ", serialNumber),
            named("token ", label))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static String named(String name, String text) {
    return text.isEmpty() ? "" : name + text;
  }

  private static String text(MemorySegment info, long offset, int length) {
    return new String(info.asSlice(offset, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8)
        .strip();
  }
}
