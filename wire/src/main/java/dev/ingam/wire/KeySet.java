package dev.ingam.wire;

import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JWK set ([RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5)). There are
/// two of ours: the public one, which anyone may read, and the authenticated one for verifiers that
/// ask the ledger, which also says each key's state and purpose and so lets them give the right
/// reason.
public record KeySet(List<VerificationKey> keys) {
  static final int MAX_BYTES = 256 * 1024;
  static final int MAX_KEYS = 64;
  static final String STATE = "ingam_state";
  static final String PURPOSE = "ingam_purpose";

  public KeySet {
    keys = List.copyOf(keys);
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException("expected at most 64 keys, came " + keys.size());
    }
    var kids = new HashSet<String>();
    for (var key : keys) {
      if (!kids.add(key.kid())) {
        throw new IllegalArgumentException("expected each kid once, came twice: " + key.kid());
      }
    }
  }

  public @Nullable VerificationKey find(String kid) {
    for (var key : keys) {
      if (key.kid().equals(kid)) {
        return key;
      }
    }
    return null;
  }

  /// The set as published. The public form shows keys for tokens that are PREPARED, ACTIVE or
  /// RETIRING; the authenticated one all but the DESTROYED.
  public byte[] toJson(boolean authenticated) {
    var json = new JsonWriter(4096).beginObject().name("keys").beginArray();
    for (var key : keys) {
      if (authenticated ? key.state() != KeyState.DESTROYED : isPublic(key)) {
        write(json, key, authenticated);
      }
    }
    return json.endArray().endObject().toBytes();
  }

  /// Writes the public halves as the member `keys` of an object, with purpose and state.
  public void writeTo(JsonWriter json) {
    json.name("keys").beginArray();
    keys.forEach(key -> write(json, key, true));
    json.endArray();
  }

  /// Reads a set, ours or a foreign one, of at most 256 KiB and 64 keys. Keys of a kind or for a
  /// use that we do not know are passed over, as the RFC asks; anything wrong with another key, and
  /// any private or symmetric member, makes the whole set unreadable. Without our members a key is
  /// taken for an ACTIVE one for access tokens.
  public static KeySetReading read(byte[] utf8) {
    return KeySetReader.read(utf8);
  }

  private static boolean isPublic(VerificationKey key) {
    return key.state().isPublic()
        && (key.purpose() == KeyPurpose.ACCESS_TOKEN || key.purpose() == KeyPurpose.ID_TOKEN);
  }

  private static void write(JsonWriter json, VerificationKey key, boolean authenticated) {
    json.beginObject();
    Jwk.members(key.key()).forEach(json::member);
    json.member("use", "sig").member("alg", key.algorithm().jose()).member("kid", key.kid());
    if (authenticated) {
      json.member(STATE, key.state().wireName()).member(PURPOSE, key.purpose().wireName());
    }
    json.endObject();
  }
}
