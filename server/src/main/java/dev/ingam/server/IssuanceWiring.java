package dev.ingam.server;

import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.IssuanceConfig;
import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.Metadata;
import dev.ingam.issuance.NodeLease;
import dev.ingam.issuance.UpstreamIssuer;
import dev.ingam.issuance.ledger.BookDirectory;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.ledger.LedgerFolder;
import dev.ingam.issuance.ledger.LedgerOptions;
import dev.ingam.issuance.ledger.LedgerSecrets;
import dev.ingam.issuance.ledger.MappedLedger;
import dev.ingam.issuance.ledger.PostgresBookDirectory;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.server.backup.Backup;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.postgres.Database;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.start.KeyStores;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.UpstreamKeys;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The ledger and everything that issues over it.
@Configuration(proxyBeanMethods = false)
class IssuanceWiring {
  @Bean
  Issuance.Surroundings surroundings(
      DataSource database, SealingKeys sealing, CryptoProvider crypto, Clock clock) {
    return new Issuance.Surroundings(
        database, sealing, clock, System::nanoTime, new SecureRandom(), crypto.provider());
  }

  /// Before anything changes in the database, its tables too: one server serves it at a time.
  @Bean
  NodeLease nodeLease(
      Issuance.Surroundings around,
      Installation installation,
      Database postgres,
      KeyStores stores) {
    var node = installation.id();
    return Migrations.run(
        postgres.access(),
        owner -> {
          NodeLease.requireUnserved(JdbcClient.create(owner), node);
          KeysSchema.requireOurs(owner, around.sealing(), stores.signing());
        },
        () -> Issuance.acquireLease(around, node, UUID.randomUUID().toString()));
  }

  @Bean
  Issuer issuer(Settings settings, Listeners listeners, Clock clock) {
    var named = settings.issuer();
    return new Issuer(named == null ? listeners.url(ListenerName.PUBLIC) : named.toString(), clock);
  }

  /// The log-in system's keys are read before anything is opened.
  @Bean
  IssuanceConfig issuanceConfig(Settings settings, Issuer issuer, Listeners listeners) {
    return IssuanceConfig.of(issuer.name(), upstream(settings.upstream()))
        .withTokenEndpoints(tokenEndpoints(settings, listeners))
        .withDpopNonces(settings.dpop().nonce())
        .withPublicCertificates(settings.publicListener().tls().clientCa() != null);
  }

  private static Set<String> tokenEndpoints(Settings settings, Listeners listeners) {
    var endpoints = new HashSet<>(settings.dpop().tokenEndpoints());
    endpoints.add(listeners.url(ListenerName.INTERNAL) + Metadata.TOKEN_PATH);
    return endpoints;
  }

  private static @Nullable UpstreamIssuer upstream(Settings.Upstream settings) {
    var name = settings.issuer();
    var file = settings.jwks();
    return name == null || file == null ? null : new UpstreamIssuer(name, UpstreamKeys.read(file));
  }

  @Bean
  Issuance issuance(
      Issuance.Surroundings around,
      IssuanceConfig config,
      NodeLease lease,
      Installation installation,
      KeyLifecycle lifecycle) {
    var ledger = ledger(around, installation, lifecycle.recall());
    var journal = installation.dataDir().resolve("theft-proofs");
    return Issuance.over(ledger, lease, config.withProofJournal(journal), around, lifecycle);
  }

  @Bean
  Backup backup(
      Issuance.Surroundings around,
      Database postgres,
      Installation installation,
      Issuance issuance) {
    var access = postgres.access();
    return new Backup(
        access.connecting(access.owner()),
        installation,
        issuance.ledger(),
        around.clock(),
        around.nanos(),
        around.random());
  }

  private static Ledger ledger(
      Issuance.Surroundings around, Installation installation, Recall recall) {
    var secrets =
        new LedgerSecrets(
            installation.serialKeys(), new SealedBookKeys(around.sealing()), around.random());
    return MappedLedger.open(
        new LedgerFolder(
            installation.dataDir().resolve("ledger"),
            installation.secretsDir().resolve("ledger-position.json"),
            recall.generation()),
        secrets,
        bookDirectory(around, recall),
        around.clock(),
        LedgerOptions.of(installation.id(), installation.bootId()));
  }

  private static BookDirectory bookDirectory(Issuance.Surroundings around, Recall recall) {
    var database = JdbcClient.create(around.database());
    return new PostgresBookDirectory(
        new TransactionTemplate(new JdbcTransactionManager(around.database())),
        database,
        new EventTable(database, IssuanceSchema.NAME, around.clock()),
        new RowMac(around.sealing()),
        recall);
  }
}
