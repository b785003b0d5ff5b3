package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Another implementation reads what we write, and we read what it writes in our profile.
class NimbusOracleTest {
  private static final SigningKeys KEYS = SigningKeys.make();
  private static final String SUBJECT_LETTERS = "abcXYZ019-_.:@/\"\\ 가힣é\u00a0😀";
  private static final String SCOPE_LETTERS = "abcXYZ019-_.:/!#[]~";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ours_isReadByNimbus(long seed) throws Exception {
    var random = new Random(seed);
    var writer = new TokenWriter();
    for (var i = 0; i < 50; i++) {
      var token = token(random);
      var input = writer.signingInput(token);
      var jwt = SignedJWT.parse(writer.complete(input, KEYS.signEs256(input)));
      assertThat(jwt.verify(new ECDSAVerifier((ECPublicKey) KEYS.ecPair().getPublic()))).isTrue();
      assertThat(jwt.getHeader().getType()).isEqualTo(new JOSEObjectType("at+jwt"));
      assertThat(jwt.getHeader().getKeyID()).isEqualTo(KEYS.es256().kid());
      assertSame(token.claims(), jwt.getJWTClaimsSet());
    }
  }

  /// The longest token of the profile, under the longest signature that we make.
  @Test
  void widestToken_ofAnRsaKey_isReadByNimbusAndUs() throws Exception {
    var wide = "\"".repeat(255);
    var scopes =
        IntStream.range(0, 32)
            .mapToObj(i -> "s".repeat(62) + (char) ('A' + i / 10) + i % 10)
            .toList();
    var serial = new Serial(-1, -1, -1);
    var claims =
        new AccessToken.Claims(
            wide,
            "\"".repeat(48),
            wide,
            "\"".repeat(40),
            4_294_967_294L,
            4_294_967_295L,
            serial,
            scopes,
            serial.toString());
    var writer = new TokenWriter();
    var header = new AccessToken.Header(Algorithm.RS256, KEYS.rsa().kid());
    var input = writer.signingInput(new AccessToken(header, claims));
    var token = writer.complete(input, KEYS.signRs256(input));
    assertThat(token.length()).isBetween(5_000, 5_500).isLessThan(CompactJws.MAX_LENGTH);
    var read = (TokenReading.Read) new TokenReader().read(token);
    assertThat(read.token().claims()).isEqualTo(claims);
    assertThat(
            SignedJWT.parse(token)
                .verify(new RSASSAVerifier((RSAPublicKey) KEYS.rsaPair().getPublic())))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void nimbus_isReadByUs(long seed) throws Exception {
    var random = new Random(seed);
    var reader = new TokenReader();
    var check = new SignatureCheck(null);
    for (var i = 0; i < 50; i++) {
      var token = token(random);
      var jwt = new SignedJWT(header(), nimbusClaims(token.claims()));
      jwt.sign(new ECDSASigner((ECPrivateKey) KEYS.ecPair().getPrivate()));
      var read = (TokenReading.Read) reader.read(jwt.serialize());
      assertThat(read.token()).isEqualTo(token);
      var jws = read.jws();
      assertThat(check.verify(KEYS.es256(), jws.signingInput(), jws.signature())).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21})
  void thumbprint_isNimbusThumbprint(long ignored) throws Exception {
    for (var i = 0; i < 20; i++) {
      var pair = SigningKeys.makeEc();
      var jwk = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).build();
      assertThat(VerificationKey.thumbprint(pair.getPublic()))
          .isEqualTo(jwk.computeThumbprint().toString());
    }
  }

  private static void assertSame(AccessToken.Claims ours, JWTClaimsSet theirs) throws Exception {
    assertThat(theirs.getIssuer()).isEqualTo(ours.issuer());
    assertThat(theirs.getSubject()).isEqualTo(ours.subject());
    assertThat(theirs.getAudience()).containsExactly(ours.audience());
    assertThat(theirs.getStringClaim("client_id")).isEqualTo(ours.clientId());
    assertThat(theirs.getIssueTime()).isEqualTo(new Date(ours.issuedAt() * 1000));
    assertThat(theirs.getExpirationTime()).isEqualTo(new Date(ours.expiresAt() * 1000));
    assertThat(theirs.getJWTID()).isEqualTo(ours.serial().toString());
    assertThat(theirs.getStringClaim("sid")).isEqualTo(ours.session());
    assertThat(theirs.getStringClaim("scope"))
        .isEqualTo(ours.scope().isEmpty() ? null : String.join(" ", ours.scope()));
  }

  private static JWSHeader header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256)
        .type(new JOSEObjectType("at+jwt"))
        .keyID(KEYS.es256().kid())
        .build();
  }

  private static JWTClaimsSet nimbusClaims(AccessToken.Claims claims) {
    var builder =
        new JWTClaimsSet.Builder()
            .issuer(claims.issuer())
            .subject(claims.subject())
            .audience(claims.audience())
            .claim("client_id", claims.clientId())
            .issueTime(new Date(claims.issuedAt() * 1000))
            .expirationTime(new Date(claims.expiresAt() * 1000))
            .jwtID(claims.serial().toString());
    if (!claims.scope().isEmpty()) {
      builder.claim("scope", String.join(" ", claims.scope()));
    }
    if (claims.session() != null) {
      builder.claim("sid", claims.session());
    }
    return builder.build();
  }

  private static AccessToken token(Random random) {
    var issuedAt = random.nextLong(4_294_967_000L);
    var serial = new Serial(random.nextInt(), random.nextInt(), random.nextLong());
    var session = new Serial(random.nextInt(), random.nextInt(), random.nextLong()).toString();
    var claims =
        new AccessToken.Claims(
            "https://id.example/" + random.nextInt(1000),
            subject(random),
            "https://api.example/" + random.nextInt(1000),
            "c" + random.nextInt(1000),
            issuedAt,
            issuedAt + 1 + random.nextInt(290),
            serial,
            scopes(random),
            random.nextBoolean() ? session : null);
    return new AccessToken(new AccessToken.Header(Algorithm.ES256, KEYS.es256().kid()), claims);
  }

  private static String subject(Random random) {
    return "s" + letters(random, SUBJECT_LETTERS, 11) + "t"; // no space at an end
  }

  private static List<String> scopes(Random random) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(i -> "s" + letters(random, SCOPE_LETTERS, 20))
        .toList();
  }

  private static String letters(Random random, String alphabet, int max) {
    var points = alphabet.codePoints().toArray();
    return IntStream.range(0, random.nextInt(max))
        .mapToObj(i -> Character.toString(points[random.nextInt(points.length)]))
        .collect(Collectors.joining());
  }
}
