package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.disk.JsonTree;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// What a partition says of itself: whose it is, and which domain's.
record Marker(String installation, String domain) {
  private static final String FORMAT = "ingam-partition-1";

  byte[] bytes() {
    var members = new LinkedHashMap<String, Object>();
    members.put("format", FORMAT);
    members.put("installation", installation);
    members.put("domain", domain);
    return JsonTree.write(members);
  }

  /// @throws KeysException STORE_DAMAGED
  static Marker read(byte[] bytes, PartitionConfig config) {
    try {
      var tree = JsonTree.read(bytes);
      if (tree.text("format").equals(FORMAT)) {
        return new Marker(tree.text("installation"), tree.text("domain"));
      }
    } catch (IllegalArgumentException e) {
      throw damaged(config, e);
    }
    throw damaged(config, null);
  }

  private static KeysException damaged(PartitionConfig config, @Nullable Exception cause) {
    var message =
        "expected in token "
            + config.token()
            + " a mark of the format "
            + FORMAT
            + ", came another; initialise the token anew, or name another one";
    return cause == null
        ? new KeysException(KeysException.Code.STORE_DAMAGED, message)
        : new KeysException(KeysException.Code.STORE_DAMAGED, message, cause);
  }
}
