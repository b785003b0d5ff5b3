package dev.ingam.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.ingam.verifier.LedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenWriter;
import dev.ingam.wire.VerificationKey;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

/// The filter chain as a service has it; behind its verifier stands a ledger that answers what a
/// test says. With the real one: `SpringSampleTest` of the drill.
class IngamResourceServerAutoConfigurationTest {
  private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
  private static final String ISSUER = "http://127.0.0.1:8420";
  private static final KeyPair KEYS = keys();

  @TempDir Path folder;
  private final FakeLedger ledger = new FakeLedger();
  private WebApplicationContextRunner runner;

  private static final class FakeLedger implements LedgerClient {
    private @Nullable Reason answer;

    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), answer);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      return lookup(item);
    }

    @Override
    public void report(String token) {}

    @Override
    public void close() {}
  }

  @RestController
  static class Orders {
    @GetMapping("/orders")
    String orders(@AuthenticationPrincipal AccessToken.Claims token) {
      return "orders of " + token.subject();
    }

    @GetMapping("/open")
    String open() {
      return "open";
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnChain {
    @Bean
    SecurityFilterChain chain(HttpSecurity http, IngamResourceServer ingam) {
      return http.with(ingam, Customizer.withDefaults())
          .authorizeHttpRequests(requests ->
              requests
                  .requestMatchers("/open")
                  .permitAll()
                  .anyRequest()
                  .hasAuthority("SCOPE_orders:write"))
          .build();
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), "ingam_x\n");
    runner =
        new WebApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    DispatcherServletAutoConfiguration.class,
                    WebMvcAutoConfiguration.class,
                    SecurityAutoConfiguration.class,
                    ServletWebSecurityAutoConfiguration.class,
                    IngamResourceServerAutoConfiguration.class))
            .withBean(Orders.class)
            .withBean(Verifier.class, this::verifier)
            .withPropertyValues(
                "spring.application.name=orders",
                "ingam.resource-server.client-secret-file=" + secret);
  }

  private WebApplicationContextRunner forOrders() {
    return runner.withPropertyValues("ingam.resource-server.audience=https://orders.example");
  }

  private Verifier verifier() {
    var key =
        VerificationKey.ours(
            Algorithm.ED25519, KEYS.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE);
    return Verifier.builder(
            kid -> kid.equals(key.kid()) ? key : null, ledger, Clock.fixed(NOW, ZoneOffset.UTC))
        .build();
  }

  private static MockHttpServletResponse ask(
      WebApplicationContext context, String path, @Nullable String authorization) {
    var mvc =
        MockMvcBuilders.webAppContextSetup(context)
            .addFilters(context.getBean("springSecurityFilterChain", Filter.class))
            .build();
    var request = get(path);
    try {
      return mvc.perform(
              authorization == null ? request : request.header("Authorization", authorization))
          .andReturn()
          .getResponse();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutAnAudience_theStartIsRefused() {
    runner.run(context ->
        assertThat(context)
            .hasFailed()
            .getFailure()
            .rootCause()
            .isInstanceOf(InvalidSettingsException.class)
            .hasMessageContaining("ingam.resource-server.audience: expected"));
  }

  @Test
  void failure_isAnalysedWithEverythingWrong() {
    var failure = new InvalidSettingsException(List.of("first", "second"));
    var analysis = new InvalidSettingsAnalyzer().analyze(failure);
    assertThat(analysis.getDescription()).contains("- first\n- second");
    assertThat(analysis.getAction()).contains("ingam.resource-server.audience");
  }

  @Test
  void goodToken_isServed() throws Exception {
    forOrders()
        .run(context -> {
          var answer = ask(context, "/orders", "Bearer " + token("https://orders.example"));
          assertThat(answer.getStatus()).isEqualTo(200);
          assertThat(answer.getContentAsString()).isEqualTo("orders of alice");
          assertThat(answer.getCookies()).isEmpty();
        });
  }

  @Test
  void withoutAToken_everyPathIsShut() {
    forOrders()
        .run(context -> {
          for (var path : List.of("/orders", "/open", "/nowhere")) {
            var answer = ask(context, path, null);
            assertThat(answer.getStatus()).as(path).isEqualTo(401);
            assertThat(answer.getHeader("WWW-Authenticate")).isEqualTo("Bearer");
          }
        });
  }

  @Test
  void refusedToken_isToldNothingElse() throws Exception {
    ledger.answer = Reason.NOT_ISSUED;
    forOrders()
        .run(context -> {
          var answer = ask(context, "/orders", "Bearer " + token("https://orders.example"));
          assertThat(answer.getStatus()).isEqualTo(401);
          assertThat(answer.getHeader("WWW-Authenticate"))
              .isEqualTo("Bearer error=\"invalid_token\"");
          assertThat(answer.getContentAsString()).isEmpty();
        });
  }

  @Test
  void tokenForAnotherService_isRefused() {
    forOrders()
        .run(context ->
            assertThat(
                    ask(context, "/orders", "Bearer " + token("https://other.example")).getStatus())
                .isEqualTo(401));
  }

  /// The token may be good: nobody has to log in again.
  @Test
  void doubt_is503() {
    ledger.answer = Reason.LEDGER_UNAVAILABLE;
    forOrders()
        .run(context -> {
          var answer = ask(context, "/orders", "Bearer " + token("https://orders.example"));
          assertThat(answer.getStatus()).isEqualTo(503);
          assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
        });
  }

  @Test
  void dpopWithoutAProof_isToldSo() {
    forOrders()
        .run(context -> {
          var answer = ask(context, "/orders", "DPoP " + token("https://orders.example"));
          assertThat(answer.getStatus()).isEqualTo(401);
          assertThat(answer.getHeader("WWW-Authenticate"))
              .isEqualTo("DPoP error=\"invalid_dpop_proof\"");
        });
  }

  @Test
  void chainOfTheServicesOwn_isTheOneThatCounts() {
    forOrders()
        .withUserConfiguration(OwnChain.class)
        .run(context -> {
          assertThat(context).doesNotHaveBean("ingamFilterChain");
          assertThat(ask(context, "/open", null).getStatus()).isEqualTo(200);
          var answer = ask(context, "/orders", "Bearer " + token("https://orders.example"));
          assertThat(answer.getStatus()).isEqualTo(403);
          assertThat(answer.getHeader("WWW-Authenticate"))
              .isEqualTo("Bearer error=\"insufficient_scope\"");
        });
  }

  private static String token(String audience) {
    var writer = new TokenWriter();
    var now = NOW.getEpochSecond();
    var claims =
        new AccessToken.Claims(
            ISSUER,
            "alice",
            audience,
            "web",
            now,
            now + 300,
            new Serial(1, 2, 3),
            List.of("orders:read"),
            null);
    var kid = VerificationKey.thumbprint(KEYS.getPublic());
    var input =
        writer.signingInput(
            new AccessToken(new AccessToken.Header(Algorithm.ED25519, kid), claims));
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(KEYS.getPrivate());
      signature.update(input);
      return writer.complete(input, signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
