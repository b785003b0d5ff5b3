package com.example.catalogue;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Catalogue {
  public static void main(String[] args) {
    SpringApplication.run(Catalogue.class, args);
  }

  @GetMapping("/catalogue")
  String catalogue(@AuthenticationPrincipal Jwt token) {
    return "catalogue for " + token.getSubject();
  }

  // In place of Boot's own, which wants typ JWT and RS256.
  @Bean
  JwtDecoder decoder(
      @Value("${spring.security.oauth2.resourceserver.jwt.jwk-set-uri}") String keys,
      @Value("${spring.security.oauth2.resourceserver.jwt.issuer-uri}") String issuer,
      @Value("${spring.security.oauth2.resourceserver.jwt.audiences}") String audience) {
    var decoder =
        NimbusJwtDecoder.withJwkSetUri(keys)
            .validateType(false)
            .jwsAlgorithm(SignatureAlgorithm.ES256)
            .build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(issuer)
            .audience(audience)
            .validators(each -> each.put("cnf", Catalogue::unbound))
            .build());
    return decoder;
  }

  // Nobody here looks at the sender, so a token that is bound to one is refused.
  private static OAuth2TokenValidatorResult unbound(Jwt token) {
    return token.hasClaim("cnf")
        ? OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", "cnf", null))
        : OAuth2TokenValidatorResult.success();
  }
}
