package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JWS in compact form ([RFC 7515 section
/// 7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)) of whatever content: three canonical
/// base64url parts, the first a JSON object without duplicate members. What the header says is not
/// judged here. For foreign JWTs, and for the judge, who must see more than our profile allows.
public final class CompactJws {
  /// The longest token that anything of ours reads.
  public static final int MAX_LENGTH = 8 * 1024;

  private static final List<String> EXTENSIONS = List.of("crit", "b64", "zip");

  private final String token;
  private final byte[] ascii;
  private final int inputLength;
  private final JsonObject header;
  private final byte[] payload;
  private final byte[] signature;

  private CompactJws(String token, byte[] ascii, int inputLength, Parts parts) {
    this.token = token;
    this.ascii = ascii;
    this.inputLength = inputLength;
    this.header = parts.header;
    this.payload = parts.payload;
    this.signature = parts.signature;
  }

  private record Parts(JsonObject header, byte[] payload, byte[] signature) {}

  /// The JWS, or null when `token` is none.
  public static @Nullable CompactJws read(String token) {
    if (token.length() > MAX_LENGTH) {
      return null;
    }
    var first = token.indexOf('.');
    var second = token.indexOf('.', first + 1);
    if (first <= 0 || second <= first + 1 || second == token.length() - 1) {
      return null;
    }
    var ascii = token.getBytes(StandardCharsets.ISO_8859_1);
    if (ascii.length != token.length()) {
      return null; // a surrogate pair became one byte: the places of the dots no longer hold
    }
    var header = Base64Url.decode(ascii, 0, first);
    var payload = Base64Url.decode(ascii, first + 1, second);
    var signature = Base64Url.decode(ascii, second + 1, ascii.length);
    if (header == null || payload == null || signature == null) {
      return null;
    }
    var json = JsonObject.read(header);
    return json == null
        ? null
        : new CompactJws(token, ascii, second, new Parts(json, payload, signature));
  }

  /// What is signed: header, dot, payload, each in base64url.
  static byte[] signingInput(byte[] header, byte[] payload) {
    return joined(Base64Url.encodeToAscii(header), Base64Url.encodeToAscii(payload));
  }

  /// The compact form: signing input, dot, signature.
  public static String complete(byte[] signingInput, byte[] signature) {
    return new String(
        joined(signingInput, Base64Url.encodeToAscii(signature)), StandardCharsets.ISO_8859_1);
  }

  /// Both with a dot between.
  static byte[] joined(byte[] first, byte[] second) {
    var both = Arrays.copyOf(first, first.length + 1 + second.length);
    both[first.length] = '.';
    System.arraycopy(second, 0, both, first.length + 1, second.length);
    return both;
  }

  /// The token as it came.
  public String token() {
    return token;
  }

  public byte[] signingInput() {
    return Arrays.copyOf(ascii, inputLength);
  }

  public byte[] payload() {
    return payload.clone();
  }

  /// The payload as JSON, or null when it is not one object.
  public @Nullable JsonObject claims() {
    return JsonObject.read(payload);
  }

  public byte[] signature() {
    return signature.clone();
  }

  public JsonObject header() {
    return header;
  }

  public @Nullable String algorithm() {
    return header.string("alg");
  }

  public @Nullable String kid() {
    return header.string("kid");
  }

  public @Nullable String type() {
    return header.string("typ");
  }

  public boolean headerHas(String name) {
    return header.has(name);
  }

  /// Whether the header asks for an extension that makes the payload something else than it looks.
  public boolean isExtended() {
    return EXTENSIONS.stream().anyMatch(header::has);
  }

  public TokenDigest digest() {
    return TokenDigest.ofSigningInput(ascii, 0, inputLength);
  }
}
