package dev.ingam.server;

import dev.ingam.issuance.NodeLease;
import dev.ingam.keys.Clocks;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeyPolicy;
import dev.ingam.keys.KeySetConfig;
import dev.ingam.keys.Keyring;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.file.FileStores;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.StartFailure;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The installation, its key stores and the life of its keys.
@Configuration(proxyBeanMethods = false)
class KeysWiring {
  /// Configuration first, then ports, then the folder: what can be refused without touching
  /// anything comes before.
  @Bean
  List<KeySetConfig> keySets(Settings settings) {
    var standard = KeyPolicy.standard(KeyPurpose.ACCESS_TOKEN);
    var keys = settings.keys();
    var policy =
        new KeyPolicy(
            keys.signFor(), keys.publishAhead(), standard.maxTokenLifetime(), standard.skew());
    var algorithm = Algorithm.ofJose(keys.algorithm());
    if (algorithm == null) {
      throw new StartFailure(
          "ingam.keys.algorithm ES256 or Ed25519", keys.algorithm(), "choose one of the two");
    }
    var sets = List.of(new KeySetConfig("access", KeyPurpose.ACCESS_TOKEN, algorithm, policy));
    var problems = KeySetConfig.problems(sets);
    if (!problems.isEmpty()) {
      throw new StartFailure(
          "ingam.keys without contradiction",
          problems.size() + " problem(s): " + String.join("; ", problems),
          "correct all of them and start again");
    }
    return sets;
  }

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
  FileStores fileStores(Installation installation, CryptoProvider crypto, Clock clock) {
    return FileStores.open(installation, new SecureRandom(), crypto.provider(), clock);
  }

  @Bean
  SealingKeys sealingKeys(FileStores stores) {
    return stores.sealingKeys();
  }

  /// Under the lease of this node: no other server moves keys meanwhile.
  @Bean(initMethod = "start", destroyMethod = "close")
  KeyLifecycle keyLifecycle(
      DataSource database,
      FileStores stores,
      SealingKeys sealing,
      List<KeySetConfig> sets,
      NodeLease lease,
      Clock clock) {
    var clocks = new Clocks(clock, System::nanoTime);
    return new KeyLifecycle(database, stores, sealing, sets, clocks);
  }

  @Bean
  Keyring keyring(KeyLifecycle lifecycle) {
    return lifecycle.keyring();
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  KeyDuties keyDuties(KeyLifecycle lifecycle) {
    return new KeyDuties(lifecycle::runDue);
  }
}
