package dev.ingam.server;

import dev.ingam.issuance.NodeLease;
import dev.ingam.keys.BirthCertificates;
import dev.ingam.keys.Clocks;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeySetConfig;
import dev.ingam.keys.Keyring;
import dev.ingam.keys.NodeMemory;
import dev.ingam.keys.SealingKeys;
import dev.ingam.server.backup.Memories;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.start.KeyStores;
import dev.ingam.server.start.Settings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The installation, its key stores and the life of its keys.
@Configuration(proxyBeanMethods = false)
class KeysWiring {
  /// The settings were checked when they were read. What signs statements has none.
  @Bean
  List<KeySetConfig> keySets(Settings settings) {
    var sets = new ArrayList<>(settings.keys().sets());
    sets.add(KeySetConfig.statements());
    return List.copyOf(sets);
  }

  /// Configuration first, then ports, then the folder: what can be refused without touching
  /// anything comes before.
  @Bean
  Installation installation(
      Settings settings, List<KeySetConfig> checked, Listeners bound, Clock clock) {
    var secrets = settings.secretsDir();
    return Installation.open(
        settings.dataDir(), secrets == null ? Installation.defaultSecretsRoot() : secrets, clock);
  }

  @Bean
  CryptoProvider cryptoProvider(Clock clock) {
    return CryptoProvider.choose(clock);
  }

  @Bean
  KeyStores keyStores(
      Installation installation, Settings settings, CryptoProvider crypto, Clock clock) {
    return KeyStores.open(
        installation, settings.keys(), new SecureRandom(), crypto.provider(), clock);
  }

  @Bean
  SealingKeys sealingKeys(KeyStores stores) {
    return stores.sealingKeys();
  }

  /// Once the tables are there and nobody else serves them: an older database is seen before
  /// anything is changed in it.
  @Bean
  NodeMemory nodeMemory(
      DataSource database,
      Installation installation,
      SealingKeys sealing,
      NodeLease lease,
      Clock clock) {
    var memory = Memories.of(database, installation, sealing, clock);
    memory.keep();
    return memory;
  }

  /// Under the lease of this node: no other server moves keys meanwhile.
  @Bean(initMethod = "start", destroyMethod = "close")
  KeyLifecycle keyLifecycle(
      DataSource database,
      KeyStores stores,
      SealingKeys sealing,
      List<KeySetConfig> sets,
      NodeLease lease,
      NodeMemory memory,
      Clock clock) {
    var clocks = new Clocks(clock, System::nanoTime);
    return new KeyLifecycle(database, stores.signing(), sealing, sets, memory, clocks);
  }

  @Bean
  Keyring keyring(KeyLifecycle lifecycle) {
    return lifecycle.keyring();
  }

  @Bean
  BirthCertificates birthCertificates(KeyLifecycle lifecycle, Issuer issuer) {
    return new BirthCertificates(lifecycle.keyring(), lifecycle::lastSeen, issuer.name());
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  KeyDuties keyDuties(KeyLifecycle lifecycle, BirthCertificates births) {
    return new KeyDuties(() -> {
      lifecycle.runDue();
      births.renew();
    });
  }
}
