package dev.ingam.drill;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 message as it stood on the wire: the head byte for byte, the body without its
/// framing.
record HttpMessage(String head, byte[] body) {
  private static final int MAX_HEAD = 1 << 20;

  /// The next head on a connection, its empty line too; null when the connection ends before.
  static @Nullable String readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      var next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
      if (head.length() > MAX_HEAD) {
        throw new IOException("a head of more than " + MAX_HEAD + " bytes");
      }
    }
    return head.toString();
  }

  /// The body that belongs to a head; with `toTheEnd`, a head that tells no length has all that
  /// comes.
  static HttpMessage withBody(String head, InputStream in, boolean toTheEnd) throws IOException {
    var headless = new HttpMessage(head, new byte[0]);
    if (headless.values("transfer-encoding").contains("chunked")) {
      return new HttpMessage(head, chunks(in));
    }
    var length = headless.value("content-length");
    if (length != null) {
      return new HttpMessage(head, in.readNBytes(Integer.parseInt(length)));
    }
    return toTheEnd ? new HttpMessage(head, in.readAllBytes()) : headless;
  }

  /// The words of the first line: method, target and version, or version, status and phrase.
  List<String> start() {
    return List.of(head.substring(0, head.indexOf("\r\n")).split(" ", 3));
  }

  String method() {
    return start().get(0);
  }

  String target() {
    return start().get(1);
  }

  int status() {
    return Integer.parseInt(start().get(1));
  }

  /// Every value of a header, whatever the case of its name.
  List<String> values(String name) {
    var prefix = name.toLowerCase(Locale.ROOT) + ":";
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .toList();
  }

  @Nullable String value(String name) {
    var values = values(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
    for (var size = size(in); size > 0; size = size(in)) {
      body.write(in.readNBytes(size));
      line(in);
    }
    line(in);
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection ended within a chunked body");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }
}
