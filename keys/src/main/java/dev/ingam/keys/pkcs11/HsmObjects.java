package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// What our objects in a token are like. Every attribute that matters is said, as the defaults of
/// tokens differ, and most are dangerous.
final class HsmObjects {
  private static final String APPLICATION = "ingam";

  private HsmObjects() {}

  /// A data object of ours with this label; the value is the caller's to add.
  static Template data(Arena arena, String label) {
    return new Template(arena)
        .with(Ck.CKA_CLASS, Ck.CKO_DATA)
        .with(Ck.CKA_TOKEN, true)
        .with(Ck.CKA_PRIVATE, true)
        .with(Ck.CKA_MODIFIABLE, false)
        .with(Ck.CKA_APPLICATION, APPLICATION)
        .with(Ck.CKA_LABEL, label);
  }

  /// Private, so that nobody without the PIN destroys it and makes a half of the key.
  static Template publicKey(Arena arena, Scheme scheme, String label, byte[] id) {
    return scheme.publicKey(
        new Template(arena)
            .with(Ck.CKA_TOKEN, true)
            .with(Ck.CKA_PRIVATE, true)
            .with(Ck.CKA_MODIFIABLE, false)
            .with(Ck.CKA_VERIFY, true)
            .with(Ck.CKA_LABEL, label)
            .with(Ck.CKA_ID, id));
  }

  /// It signs, and nothing else: a key that decrypts or unwraps could be made to sign by it.
  static Template privateKey(Arena arena, Scheme scheme, String label, byte[] id) {
    var template =
        new Template(arena)
            .with(Ck.CKA_TOKEN, true)
            .with(Ck.CKA_PRIVATE, true)
            .with(Ck.CKA_SENSITIVE, true)
            .with(Ck.CKA_EXTRACTABLE, false)
            .with(Ck.CKA_MODIFIABLE, false)
            .with(Ck.CKA_SIGN, true)
            .with(Ck.CKA_DERIVE, false)
            .with(Ck.CKA_LABEL, label)
            .with(Ck.CKA_ID, id);
    return scheme.algorithm().isRsa()
        ? template.with(Ck.CKA_DECRYPT, false).with(Ck.CKA_UNWRAP, false)
        : template;
  }

  /// Finds one half of a key.
  static Template half(Arena arena, long kind, String label, byte[] id) {
    return new Template(arena)
        .with(Ck.CKA_CLASS, kind)
        .with(Ck.CKA_LABEL, label)
        .with(Ck.CKA_ID, id);
  }

  /// Finds what is of this class and label.
  static Template labelled(Arena arena, long kind, String label) {
    return new Template(arena).with(Ck.CKA_CLASS, kind).with(Ck.CKA_LABEL, label);
  }

  /// The objects of this class and label, by their `CKA_ID` in hexadecimal.
  static Map<String, Long> byId(Session session, long kind, String label) {
    try (var arena = Arena.ofConfined()) {
      var template = labelled(arena, kind, label);
      var objects = new HashMap<String, Long>();
      for (long object : session.find(template)) {
        var id = HexFormat.of().formatHex(session.read(object, Ck.CKA_ID));
        if (objects.put(id, object) != null) {
          throw new KeysException(
              KeysException.Code.STORE_DAMAGED,
              "expected each id once under "
                  + label
                  + ", came "
                  + id
                  + " twice; find out who put the other there");
        }
      }
      return objects;
    }
  }

  /// Whether a private or secret key was made in the token and can neither leave it nor be changed,
  /// as the token says, and as it shows when it is asked for the secret.
  ///
  /// @param secret the attribute that holds it
  static boolean isCaptive(Session session, long key, long secret) {
    return session.isSet(key, Ck.CKA_PRIVATE)
        && session.isSet(key, Ck.CKA_SENSITIVE)
        && session.isSet(key, Ck.CKA_ALWAYS_SENSITIVE)
        && session.isSet(key, Ck.CKA_NEVER_EXTRACTABLE)
        && session.isSet(key, Ck.CKA_LOCAL)
        && !session.isSet(key, Ck.CKA_EXTRACTABLE)
        && !session.isSet(key, Ck.CKA_MODIFIABLE)
        && session.refusesToTell(key, secret);
  }
}
