package dev.ingam.cli;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client's private key in a file: a JWK, or PEM (PKCS#8, `BEGIN PRIVATE KEY`).
final class PrivateKeyFile {
  private static final Map<String, Algorithm> PEM_KINDS =
      Map.of("EC", Algorithm.ES256, "Ed25519", Algorithm.ED25519, "RSA", Algorithm.PS256);

  private PrivateKeyFile() {}

  /// @param kid names the key in the assertion; null: what the file says
  static ClientKey read(Path file, @Nullable String kid) {
    var bytes = RunningServer.read(file, "a private key");
    var text = new String(bytes, StandardCharsets.UTF_8);
    if (text.contains("-----BEGIN")) {
      return ofPem(file, text, kid);
    }
    var jwk = JsonReader.read(bytes).orElseThrow(() -> unfit(file, "it holds neither"));
    var named = jwk.get("kid").text();
    try {
      return ofJwk(file, jwk, kid != null ? kid : named.isEmpty() ? null : named);
    } catch (GeneralSecurityException e) {
      throw unfit(file, "its key is damaged (" + e.getMessage() + ")");
    }
  }

  private static CliException unfit(Path file, String came) {
    return new CliException(
        ExitCode.ERROR,
        String.format(
            Locale.ROOT,
            "Expected a private key in %s (a JWK, or PEM with BEGIN PRIVATE KEY); %s. Another PEM form: openssl pkcs8 -topk8 -nocrypt -in FILE",
            file,
            came));
  }

  private static ClientKey ofPem(Path file, String text, @Nullable String kid) {
    var body =
        Pem.body(text, "PRIVATE KEY")
            .orElseThrow(() ->
                unfit(
                    file,
                    text.contains("ENCRYPTED")
                        ? "it is encrypted"
                        : "it holds PEM of another kind"));
    for (var kind : List.of("EC", "Ed25519", "RSA")) {
      var key = decoded(kind, body);
      if (key != null && fits(key)) {
        return new ClientKey(key, PEM_KINDS.getOrDefault(kind, Algorithm.ES256), kid);
      }
    }
    throw unfit(file, "its key is none of EC P-256, Ed25519 and RSA");
  }

  private static @Nullable PrivateKey decoded(String kind, byte[] pkcs8) {
    try {
      return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      return null; // Not a key of this kind; the next may read it.
    }
  }

  private static boolean fits(PrivateKey key) {
    return !(key instanceof ECPrivateKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() == 256;
  }

  private static ClientKey ofJwk(Path file, Json jwk, @Nullable String kid)
      throws GeneralSecurityException {
    var kind = jwk.get("kty").text() + " " + jwk.get("crv").text();
    return switch (kind.strip()) {
      case "EC P-256" -> {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        var curve = parameters.getParameterSpec(ECParameterSpec.class);
        var key =
            KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(number(file, jwk, "d"), curve));
        yield new ClientKey(key, Algorithm.ES256, kid);
      }
      case "OKP Ed25519" -> {
        var spec = new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes(file, jwk, "d"));
        yield new ClientKey(
            KeyFactory.getInstance("Ed25519").generatePrivate(spec), Algorithm.ED25519, kid);
      }
      case "RSA" ->
          new ClientKey(
              KeyFactory.getInstance("RSA").generatePrivate(rsa(file, jwk)),
              "RS256".equals(jwk.get("alg").text()) ? Algorithm.RS256 : Algorithm.PS256,
              kid);
      default -> throw unfit(file, "its key is none of EC P-256, Ed25519 and RSA");
    };
  }

  private static RSAPrivateCrtKeySpec rsa(Path file, Json jwk) {
    return new RSAPrivateCrtKeySpec(
        number(file, jwk, "n"),
        number(file, jwk, "e"),
        number(file, jwk, "d"),
        number(file, jwk, "p"),
        number(file, jwk, "q"),
        number(file, jwk, "dp"),
        number(file, jwk, "dq"),
        number(file, jwk, "qi"));
  }

  private static BigInteger number(Path file, Json jwk, String member) {
    return new BigInteger(1, bytes(file, jwk, member));
  }

  private static byte[] bytes(Path file, Json jwk, String member) {
    var bytes = Base64Url.decode(jwk.get(member).text());
    if (bytes == null || bytes.length == 0) {
      throw unfit(
          file, "its member \"" + member + "\" is missing or not base64url (a public key?)");
    }
    return bytes;
  }
}
