package dev.ingam.server.backup;

import dev.ingam.keys.disk.JsonTree;
import dev.ingam.wire.Base64Url;
import java.util.LinkedHashMap;

/// The first thing in an archive: what the rest is of.
///
/// @param keysVersion of the tables in the schema `keys`
/// @param issuanceVersion of those in `issuance`
/// @param installationFile with the serial keys
record Manifest(String keysVersion, String issuanceVersion, byte[] installationFile) {
  private static final String FORMAT = "ingam-backup-1";

  byte[] bytes() {
    var members = new LinkedHashMap<String, Object>();
    members.put("format", FORMAT);
    members.put("keys_version", keysVersion);
    members.put("issuance_version", issuanceVersion);
    members.put("installation", Base64Url.encode(installationFile));
    return JsonTree.write(members);
  }

  /// @throws IllegalArgumentException when it is none
  static Manifest read(byte[] bytes) {
    var tree = JsonTree.read(bytes);
    var installation = Base64Url.decode(tree.text("installation"));
    if (!tree.text("format").equals(FORMAT) || installation == null) {
      throw new IllegalArgumentException("expected the manifest of a backup");
    }
    return new Manifest(tree.text("keys_version"), tree.text("issuance_version"), installation);
  }

  @Override
  public String toString() {
    return "Manifest[" + keysVersion + ", " + issuanceVersion + ", redacted]";
  }
}
