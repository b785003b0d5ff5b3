package dev.ingam.starter;

import dev.ingam.verifier.BearerSource;
import dev.ingam.verifier.CachedKeySource;
import dev.ingam.verifier.CallerToken;
import dev.ingam.verifier.ClientCredential;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.HttpLedgerClient;
import dev.ingam.verifier.PolledLedgerState;
import dev.ingam.verifier.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/// A servlet service whose every path wants a token, unless it has a filter chain of its own.
/// Whatever is missing stops the start: a starter that does nothing would let everybody in, or lock
/// everybody out.
@AutoConfiguration(
    beforeName =
        "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(ResourceServerSettings.class)
public class IngamResourceServerAutoConfiguration {
  private static final String TOKEN_PATH = "/oauth2/token";

  /// How Ingam is asked.
  ///
  /// @param bearer the caller token, or none where a certificate proves who asks
  record Way(ResourceServerSettings settings, HttpClient client, BearerSource bearer) {}

  @Bean
  Way ingamWay(
      ResourceServerSettings said,
      SslBundles bundles,
      @Value("${spring.application.name:#{null}}") @org.jspecify.annotations.Nullable String name) {
    var settings = said.withDefaults(name);
    var bundle = settings.sslBundle() == null ? null : bundles.getBundle(settings.sslBundle());
    boolean byCertificate = bundle != null && bundle.getStores().getKeyStore() != null;
    var problems = settings.problems(byCertificate);
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    var builder = HttpClient.newBuilder();
    var client = (bundle == null ? builder : builder.sslContext(bundle.createSslContext())).build();
    return new Way(
        settings, client, byCertificate ? BearerSource.none() : caller(settings, client));
  }

  private static BearerSource caller(ResourceServerSettings settings, HttpClient client) {
    var file = Objects.requireNonNull(settings.clientSecretFile());
    try {
      var secret = Files.readString(file).strip();
      return new CallerToken(
          settings.issuer().resolve(settings.issuer().getPath() + TOKEN_PATH),
          ClientCredential.secret(Objects.requireNonNull(settings.clientId()), secret),
          "ingam:ledger",
          client,
          Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException("expected the client's secret in " + file, e);
    }
  }

  @Bean
  @ConditionalOnMissingBean
  HttpLedgerClient ingamLedger(Way way) {
    return new HttpLedgerClient(
        way.settings().internalUrl(), way.bearer(), way.client(), new SecureRandom());
  }

  @Bean
  @ConditionalOnMissingBean
  PolledLedgerState ingamLedgerState(Way way) {
    return new PolledLedgerState(
        way.settings().internalUrl(), way.bearer(), way.client(), Clock.systemUTC());
  }

  @Bean
  @ConditionalOnMissingBean
  Verifier ingamVerifier(Way way, HttpLedgerClient ledger, PolledLedgerState state) {
    var keys =
        new CachedKeySource(
            way.settings().internalUrl().resolve("/keys"),
            way.bearer(),
            way.client(),
            Clock.systemUTC());
    return Verifier.builder(keys, ledger, Clock.systemUTC()).ledgerState(state).build();
  }

  /// For filter chains of the service's own.
  @Bean
  @ConditionalOnMissingBean
  IngamResourceServer ingamResourceServer(Way way, Verifier verifier) {
    var settings = way.settings();
    var expected =
        new Expectation(
            settings.issuer().toString(),
            Objects.requireNonNull(settings.audience()),
            false,
            settings.clientsAllowed());
    return new IngamResourceServer(
        new TokenAuthenticationManager(
            verifier, settings.boundOnly() ? expected.ofBoundTokens() : expected),
        new PresentedTokenConverter(settings.origins()));
  }

  /// Every path wants a token, and nothing is remembered of who came.
  @Bean
  @ConditionalOnMissingBean
  SecurityFilterChain ingamFilterChain(HttpSecurity http, IngamResourceServer ingam) {
    return http.with(ingam, Customizer.withDefaults())
        .csrf(AbstractHttpConfigurer::disable)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .build();
  }
}
