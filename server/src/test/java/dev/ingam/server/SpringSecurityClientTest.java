package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.server.door.ListenerName;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;

/// Spring Security's client gets tokens, its resource server verifies them: by the public key set
/// alone, and by introspection.
class SpringSecurityClientTest {
  @TempDir static Path home;
  private static TestServer server;
  private static String secret;
  private static OpaqueTokenIntrospector introspector;

  @BeforeAll
  static void start() {
    server = TestServer.start(home);
    secret = server.client("job", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders:read"));
    introspector =
        SpringOpaqueTokenIntrospector.withIntrospectionUri(issuer() + "/oauth2/introspect")
            .clientId("resource")
            .clientSecret(
                server.client("resource", ClientRight.INTROSPECTION, false, Set.of("orders:read")))
            .build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String issuer() {
    return server.url(ListenerName.PUBLIC);
  }

  private static String token(ClientAuthenticationMethod method, String withSecret) {
    var registration =
        ClientRegistration.withRegistrationId("ingam")
            .clientId("job")
            .clientSecret(withSecret)
            .clientAuthenticationMethod(method)
            .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
            .scope("orders:read")
            .tokenUri(issuer() + "/oauth2/token")
            .build();
    return new RestClientClientCredentialsTokenResponseClient()
        .getTokenResponse(new OAuth2ClientCredentialsGrantRequest(registration))
        .getAccessToken()
        .getTokenValue();
  }

  private static JwtDecoder decoder(String audience) {
    var decoder =
        NimbusJwtDecoder.withJwkSetUri(issuer() + "/oauth2/jwks")
            .validateType(false)
            .jwsAlgorithm(SignatureAlgorithm.ES256)
            .build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(issuer())
            .audience(audience)
            .clientId("job")
            .build());
    return decoder;
  }

  @Test
  void client_byEitherSecretMethod_getsAnAtJwtOfTheProfile() {
    for (var method :
        Set.of(
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            ClientAuthenticationMethod.CLIENT_SECRET_POST)) {
      var jwt = decoder("shop").decode(token(method, secret));
      assertThat(jwt.getSubject()).isEqualTo("client:job");
      assertThat(jwt.getClaimAsString("scope")).isEqualTo("orders:read");
    }
  }

  @Test
  void client_withAWrongSecret_isToldInvalidClient() {
    assertThatThrownBy(() -> token(ClientAuthenticationMethod.CLIENT_SECRET_POST, "wrong"))
        .isInstanceOf(OAuth2AuthorizationException.class)
        .cause()
        .hasMessageContaining("\"error\":\"invalid_client\"");
  }

  @Test
  void decoder_ofAnotherAudience_refuses() {
    var token = token(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, secret);
    assertThatThrownBy(() -> decoder("other").decode(token)).isInstanceOf(JwtException.class);
  }

  @Test
  void introspector_knowsGoodTokensFromJunk() {
    var token = token(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, secret);
    var principal = introspector.introspect(token);
    assertThat(principal.<String>getAttribute("sub")).isEqualTo("client:job");
    assertThat(principal.getAuthorities()).extracting("authority").contains("SCOPE_orders:read");
    assertThatThrownBy(() -> introspector.introspect(token + "A"))
        .isInstanceOf(BadOpaqueTokenException.class);
  }
}
