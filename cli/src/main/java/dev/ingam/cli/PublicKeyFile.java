package dev.ingam.cli;

import dev.ingam.wire.Base64Url;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Public keys in a file, in the forms people have them: a JWK set, one JWK, or PEM (`BEGIN PUBLIC
/// KEY`). A file that holds a private key is refused, whatever its form, so that none is ever sent.
final class PublicKeyFile {
  private static final Set<String> PRIVATE_MEMBERS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private PublicKeyFile() {}

  /// All keys of the files as one JWK set.
  static Json readAll(List<Path> files) {
    var keys = new ArrayList<Json>();
    files.forEach(file -> keys.addAll(read(file)));
    return Json.object().with("keys", new Json.Items(keys));
  }

  private static List<Json> read(Path file) {
    var bytes = RunningServer.read(file, "public keys");
    var text = new String(bytes, StandardCharsets.UTF_8);
    if (text.contains("-----BEGIN")) {
      return List.of(ofPem(file, text));
    }
    var json = JsonReader.read(bytes).orElseThrow(() -> unfit(file, "it holds neither"));
    var keys = json.get("keys").isAbsent() ? List.of(json) : json.get("keys").items();
    if (keys.isEmpty() || keys.stream().anyMatch(key -> key.get("kty").isAbsent())) {
      throw unfit(file, "a key in it has no \"kty\"");
    }
    if (keys.stream()
        .anyMatch(key -> PRIVATE_MEMBERS.stream().anyMatch(each -> !key.get(each).isAbsent()))) {
      throw unfit(file, "it holds a private key, which stays with its owner");
    }
    return keys;
  }

  private static CliException unfit(Path file, String came) {
    return new CliException(
        ExitCode.ERROR,
        String.format(
            Locale.ROOT,
            "Expected public keys in %s (a JWK set, a JWK, or PEM with BEGIN PUBLIC KEY); %s. From a private key in PEM: openssl pkey -in FILE -pubout",
            file,
            came));
  }

  private static Json ofPem(Path file, String text) {
    var body = Pem.body(text, "PUBLIC KEY");
    if (body.isEmpty()) {
      throw unfit(
          file,
          text.contains("PRIVATE KEY")
              ? "it holds a private key, which stays with its owner"
              : "it holds other PEM");
    }
    return Stream.of("EC", "Ed25519", "RSA")
        .flatMap(kind -> decoded(kind, body.get()).stream())
        .findFirst()
        .map(key -> jwk(file, key))
        .orElseThrow(() -> unfit(file, "its key is none of EC P-256, Ed25519 and RSA"));
  }

  private static Optional<PublicKey> decoded(String kind, byte[] encoded) {
    try {
      var spec = new X509EncodedKeySpec(encoded);
      return Optional.of(KeyFactory.getInstance(kind).generatePublic(spec));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // Not a key of this kind; the next may read it.
    }
  }

  private static Json jwk(Path file, PublicKey key) {
    var jwk =
        switch (key) {
          case ECPublicKey ec when ec.getParams().getCurve().getField().getFieldSize() == 256 ->
              Json.object()
                  .with("kty", "EC")
                  .with("crv", "P-256")
                  .with("x", unsigned(ec.getW().getAffineX(), 32))
                  .with("y", unsigned(ec.getW().getAffineY(), 32))
                  .with("alg", "ES256");
          case EdECPublicKey ed when ed.getEncoded().length == 44 ->
              Json.object()
                  .with("kty", "OKP")
                  .with("crv", "Ed25519")
                  .with("x", Base64Url.encode(Arrays.copyOfRange(ed.getEncoded(), 12, 44)))
                  .with("alg", "Ed25519");
          case RSAPublicKey rsa ->
              Json.object()
                  .with("kty", "RSA")
                  .with("n", unsigned(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8))
                  .with(
                      "e",
                      unsigned(
                          rsa.getPublicExponent(), (rsa.getPublicExponent().bitLength() + 7) / 8))
                  .with("alg", "PS256");
          default -> throw unfit(file, "its key is none of EC P-256, Ed25519 and RSA");
        };
    return jwk.with("use", "sig").with("kid", dev.ingam.wire.VerificationKey.thumbprint(key));
  }

  private static String unsigned(BigInteger value, int length) {
    var bytes = value.toByteArray();
    var fixed = new byte[length];
    var size = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - size, fixed, length - size, size);
    return Base64Url.encode(fixed);
  }
}
