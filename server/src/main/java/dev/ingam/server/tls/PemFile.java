package dev.ingam.server.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The blocks of a PEM file ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)); what stands
/// between them is a comment, as tools write there.
///
/// @param name of the file, for messages
record PemFile(Path name, List<Block> blocks) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /// @param der what it holds; may be a private key
  record Block(String label, byte[] der) {
    @Override
    public String toString() {
      return "Block[" + label + ", redacted]";
    }
  }

  PemFile {
    blocks = List.copyOf(blocks);
  }

  static PemFile of(Path name, byte[] content) throws TlsFileException {
    var blocks = new ArrayList<Block>();
    var body = new StringBuilder();
    String label = null;
    for (var raw : new String(content, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
      var line = raw.strip();
      if (label == null) {
        label = between(line, BEGIN);
        body.setLength(0);
      } else if (line.equals(END + label + DASHES)) {
        blocks.add(new Block(label, decoded(name, label, body.toString())));
        label = null;
      } else {
        body.append(line);
      }
    }
    if (label != null) {
      throw new TlsFileException(
          name, "expected a line " + END + label + DASHES + ", came the end");
    }
    return new PemFile(name, blocks);
  }

  private static @Nullable String between(String line, String start) {
    return line.startsWith(start) && line.endsWith(DASHES) && line.length() > start.length() + 5
        ? line.substring(start.length(), line.length() - DASHES.length())
        : null;
  }

  /// An encrypted block of the old kind has headers in it, which are no base64.
  private static byte[] decoded(Path name, String label, String body) throws TlsFileException {
    if (body.contains("ENCRYPTED")) {
      throw encrypted(name);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new TlsFileException(name, "expected base64 in the block " + label, e);
    }
  }

  static TlsFileException encrypted(Path name) {
    return new TlsFileException(
        name,
        "expected a key without a passphrase, which the server could only have from another file;"
            + " decrypt it into a file of mode 0600: openssl pkcs8 -topk8 -nocrypt -in "
            + name);
  }
}
