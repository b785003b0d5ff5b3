package dev.ingam.keys.file;

import dev.ingam.keys.disk.JsonTree;
import dev.ingam.wire.Base64Url;
import java.util.LinkedHashMap;
import java.util.Map;

/// One key of a store file, encrypted.
///
/// @param algorithm its JOSE name; bound to the ciphertext, as the handle is
/// @param sealed ciphertext and tag
/// @param pending nobody has said yet that a row names it
record SealedKey(
    String handle, String algorithm, String created, byte[] nonce, byte[] sealed, boolean pending) {
  private static final String PENDING = "pending";

  static SealedKey of(JsonTree item) {
    return new SealedKey(
        item.text("handle"),
        item.text("algorithm"),
        item.text("created"),
        bytes(item, "nonce"),
        bytes(item, "sealed"),
        item.has(PENDING));
  }

  SealedKey pending(boolean changed) {
    return new SealedKey(handle, algorithm, created, nonce, sealed, changed);
  }

  static byte[] bytes(JsonTree item, String name) {
    var bytes = Base64Url.decode(item.text(name));
    if (bytes == null) {
      throw new IllegalArgumentException("expected base64url in " + name);
    }
    return bytes;
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("handle", handle);
    members.put("algorithm", algorithm);
    members.put("created", created);
    members.put("nonce", Base64Url.encode(nonce));
    members.put("sealed", Base64Url.encode(sealed));
    if (pending) {
      members.put(PENDING, "true");
    }
    return members;
  }

  @Override
  public String toString() {
    return "SealedKey[" + handle + ", redacted]";
  }
}
