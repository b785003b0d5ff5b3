package dev.ingam.keys.archive;

import dev.ingam.keys.archive.ArchiveException.Reason;
import dev.ingam.keys.disk.JsonTree;
import dev.ingam.wire.Base64Url;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;

/// What an archive says in clear, in front: whose it is, of when, and which key opens it. Every
/// byte of it goes into the key of the archive, so a changed header opens nothing.
///
/// @param epoch of the installation when it was made
/// @param keyId names the backup key
/// @param salt random, 32 bytes
public record ArchiveHeader(
    String installation, int epoch, Instant created, String keyId, byte[] salt) {
  static final byte[] MAGIC = "INGAMBA1".getBytes(StandardCharsets.US_ASCII);
  static final int SALT_BYTES = 32;

  private static final byte[] ANY_VERSION = "INGAMBA".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST = 4096;
  private static final Pattern INSTALLATION = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{16}");

  public ArchiveHeader {
    salt = salt.clone();
    if (!INSTALLATION.matcher(installation).matches()
        || !KEY_ID.matcher(keyId).matches()
        || epoch < 1
        || salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("expected the header of an archive of ours");
    }
  }

  byte[] bytes() {
    var members = new LinkedHashMap<String, Object>();
    members.put("installation", installation);
    members.put("epoch", epoch);
    members.put("created", created.toString());
    members.put("key", keyId);
    members.put("salt", Base64Url.encode(salt));
    return JsonTree.write(members);
  }

  static ArchiveHeader read(DataInputStream in) throws IOException {
    var magic = in.readNBytes(MAGIC.length);
    if (magic.length < MAGIC.length || !startsWith(magic, ANY_VERSION)) {
      throw new ArchiveException(
          Reason.NOT_AN_ARCHIVE,
          "expected a file made by ingam backup; it does not begin like one");
    }
    if (!startsWith(magic, MAGIC)) {
      throw new ArchiveException(
          Reason.NEWER_FORMAT,
          "expected an archive of format 1, came one of a later version of Ingam; use that version");
    }
    try {
      int length = in.readInt();
      if (length < 1 || length > MOST) {
        throw new IllegalArgumentException("expected a header of 1 to 4096 bytes");
      }
      var bytes = new byte[length];
      in.readFully(bytes);
      var header = of(JsonTree.read(bytes));
      if (!MessageDigest.isEqual(header.bytes(), bytes)) {
        throw new IllegalArgumentException("expected the header as it is written");
      }
      return header;
    } catch (EOFException e) {
      throw ArchiveInput.truncated();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ArchiveException(
          Reason.DAMAGED, "expected the header of an archive, it was changed; use another copy");
    }
  }

  private static ArchiveHeader of(JsonTree tree) {
    var salt = Base64Url.decode(tree.text("salt"));
    return new ArchiveHeader(
        tree.text("installation"),
        Math.toIntExact(tree.number("epoch")),
        Instant.parse(tree.text("created")),
        tree.text("key"),
        salt == null ? new byte[0] : salt);
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
