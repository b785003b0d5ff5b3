package dev.ingam.server.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.judge.Acknowledging;
import dev.ingam.keys.BirthCertificates;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyForecast;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeySetConfig;
import dev.ingam.keys.row.EventTable;
import dev.ingam.server.backup.Backup;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.start.Settings;
import dev.ingam.server.watch.StandingAlarms;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.SignatureCheck;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.configuration.SpringDocSpecPropertiesConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.core.configuration.MultipleOpenApiSupportConfiguration;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/// The beans of the admin API: a web context of its own under the server's, whose beans it sees.
/// What Spring Boot brings is named one by one.
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  PropertyPlaceholderAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  SpringDocConfiguration.class,
  SpringDocConfigProperties.class,
  SpringDocSpecPropertiesConfiguration.class,
  SpringDocWebMvcConfiguration.class,
  MultipleOpenApiSupportConfiguration.class
})
public class AdminWiring {
  private static final String BEARER = "root-credential";

  @Bean
  JsonRules jsonRules() {
    return new JsonRules();
  }

  @Bean
  ErrorAdvice errorAdvice() {
    return new ErrorAdvice();
  }

  /// The document names members as the API does.
  @Bean
  ModelResolver modelResolver(ObjectMapperProvider mappers) {
    return new ModelResolver(
        mappers.jsonMapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
  }

  @Bean
  RecordSchemas recordSchemas() {
    return new RecordSchemas();
  }

  @Bean
  DocumentRules documentRules() {
    return new DocumentRules();
  }

  @Bean
  WebMvcConfigurer queryRules() {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new QueryRules());
      }
    };
  }

  @Bean
  OpenAPI openApi() {
    var scheme = new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer");
    return new OpenAPI()
        .info(new Info().title("Ingam admin API").version(version()))
        .components(DocumentRules.addTo(new Components().addSecuritySchemes(BEARER, scheme)))
        .addSecurityItem(new SecurityRequirement().addList(BEARER));
  }

  @Bean
  StatusController statusController(
      StatusController.About about, StatusController.Sources sources, Clock clock) {
    return new StatusController(about, sources, clock);
  }

  @Bean
  StatusController.About about(
      Installation installation,
      Settings settings,
      Listeners listeners,
      CryptoProvider crypto,
      Clock clock) {
    return new StatusController.About(
        version(),
        installation.id(),
        issuer(settings, listeners),
        crypto.provider() == null ? "JDK" : crypto.provider().getName(),
        clock.instant());
  }

  @Bean
  StatusController.Sources sources(
      StandingAlarms alarms, KeyLifecycle lifecycle, Issuance issuance) {
    return new StatusController.Sources(
        () -> alarms.list().stream().map(Problem::of).toList(),
        lifecycle::list,
        () -> issuance.ledger().status());
  }

  @Bean
  KeysController keysController(
      KeyLifecycle lifecycle, BirthCertificates births, List<KeySetConfig> sets, Clock clock) {
    return new KeysController(lifecycle, new KeyForecast(lifecycle, sets, clock), births);
  }

  @Bean
  MasterKeysController masterKeysController(KeyLifecycle lifecycle) {
    return new MasterKeysController(lifecycle.masterKeys());
  }

  @Bean
  ClientsController clientsController(Issuance issuance, JsonMapper mapper) {
    return new ClientsController(issuance.clients(), new ClientJson(mapper));
  }

  @Bean
  RoutesController routesController(Issuance issuance) {
    return new RoutesController(issuance.routes(), new SecureRandom());
  }

  @Bean
  AudiencesController audiencesController(Issuance issuance, Clock clock) {
    return new AudiencesController(
        issuance.audiences(), issuance.trust(), issuance.observed(), clock);
  }

  @Bean
  RevocationsController revocationsController(Issuance issuance) {
    return new RevocationsController(issuance.revocations(), issuance.watermarks());
  }

  @Bean
  BackupController backupController(Backup backup) {
    return new BackupController(backup);
  }

  @Bean
  LedgerController ledgerController(Issuance issuance) {
    return new LedgerController(issuance.ledger());
  }

  @Bean
  ProofsController proofsController(Issuance issuance, KeyLifecycle lifecycle) {
    return new ProofsController(
        issuance.proofs(), new Acknowledging(issuance.proofs(), lifecycle.acknowledgements()));
  }

  @Bean
  EventsController eventsController(Issuance issuance, DataSource database, Clock clock) {
    var keys = new EventTable(JdbcClient.create(database), "keys", clock);
    return new EventsController(Map.of("keys", keys, "issuance", issuance.events()));
  }

  @Bean
  TokensController tokensController(
      Issuance issuance,
      KeyLifecycle lifecycle,
      CryptoProvider crypto,
      StatusController.About about,
      Clock clock) {
    var verifier =
        Verifier.builder(
                lifecycle.keyring()::find, new OperatorLedger(issuance.ledgerQueries()), clock)
            .signatureCheck(new SignatureCheck(crypto.provider()))
            .build();
    return new TokensController(verifier, about.issuer());
  }

  private static String issuer(Settings settings, Listeners listeners) {
    var issuer = settings.issuer();
    return issuer == null ? listeners.url(ListenerName.PUBLIC) : issuer.toString();
  }

  private static String version() {
    var version = AdminWiring.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
