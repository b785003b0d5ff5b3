package dev.ingam.bench;

import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.IssuanceConfig;
import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.Listener;
import dev.ingam.issuance.TokenHandler;
import dev.ingam.issuance.TokenRequest;
import dev.ingam.issuance.TokenResponse;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.ledger.LedgerFolder;
import dev.ingam.issuance.ledger.LedgerOptions;
import dev.ingam.issuance.ledger.LedgerSecrets;
import dev.ingam.issuance.ledger.MappedLedger;
import dev.ingam.issuance.ledger.MemoryBookDirectory;
import dev.ingam.keys.Clocks;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeyPolicy;
import dev.ingam.keys.KeySetConfig;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.file.FileStores;
import dev.ingam.keys.row.Recall;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The issuing part of a server in this process, wired as the server wires it: key store on disk,
/// PostgreSQL, ledger with sync and journal; no HTTP.
final class InProcessIssuer implements AutoCloseable {
  private static final String CLIENT = "bench";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final TokenHandler tokens;
  private final TokenRequest request;

  InProcessIssuer(Path folder, Crypto crypto, Clock clock) throws Exception {
    try {
      var issuance = issuance(folder, crypto, clock);
      tokens = issuance.tokens();
      request = request(issuance);
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private Issuance issuance(Path folder, Crypto crypto, Clock clock) {
    var random = new SecureRandom();
    var database =
        opened(
            TestDatabase.migrated(
                "bench",
                owner -> {
                  KeysSchema.migrate(owner);
                  IssuanceSchema.migrate(owner);
                }));
    var installation =
        opened(Installation.open(folder.resolve("data"), folder.resolve("secrets"), clock));
    var stores = FileStores.open(installation, random, crypto.chosen(), clock);
    var lifecycle =
        opened(
            new KeyLifecycle(
                database.server(),
                stores,
                stores.sealingKeys(),
                List.of(keySet()),
                Recall.NONE,
                new Clocks(clock, System::nanoTime)));
    lifecycle.start();
    runEachSecond(lifecycle::runDue);
    var around =
        new Issuance.Surroundings(
            database.server(),
            stores.sealingKeys(),
            clock,
            System::nanoTime,
            random,
            crypto.chosen());
    var lease = Issuance.acquireLease(around, installation.id(), UUID.randomUUID().toString());
    var config = IssuanceConfig.of("http://127.0.0.1:8420", null);
    return opened(
        Issuance.over(ledger(installation, random, clock), lease, config, around, lifecycle));
  }

  private void runEachSecond(Runnable duty) {
    var scheduler = opened(Executors.newSingleThreadScheduledExecutor());
    var _ = scheduler.scheduleWithFixedDelay(duty, 1, 1, TimeUnit.SECONDS);
  }

  private static KeySetConfig keySet() {
    var policy = KeyPolicy.standard(KeyPurpose.ACCESS_TOKEN);
    return new KeySetConfig("access", KeyPurpose.ACCESS_TOKEN, Algorithm.ES256, policy);
  }

  private static Ledger ledger(Installation installation, SecureRandom random, Clock clock) {
    return MappedLedger.open(
        new LedgerFolder(
            installation.dataDir().resolve("ledger"),
            installation.secretsDir().resolve("ledger-position.json")),
        new LedgerSecrets(installation.serialKeys(), new NoWrapping(), random),
        new MemoryBookDirectory(),
        clock,
        LedgerOptions.of(installation.id(), installation.bootId()));
  }

  private static TokenRequest request(Issuance issuance) {
    var settings =
        new ClientSettings(
            CLIENT,
            new ClientAuthentication.ClientSecret(),
            Set.of(ClientRight.CLIENT_CREDENTIALS),
            Set.of("orders:read"),
            Set.of("https://orders.shop.example"),
            Duration.ofMinutes(15),
            false);
    if (!(issuance.clients().create(settings, "bench") instanceof ClientChange.Changed changed)
        || changed.secret() == null) {
      throw new BenchException("The client of the bench could not be made");
    }
    var pair = CLIENT + ":" + changed.secret().reveal();
    var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return new TokenRequest(
        Listener.PUBLIC,
        "application/x-www-form-urlencoded",
        "Basic " + basic,
        Installed.FORM.getBytes(StandardCharsets.US_ASCII));
  }

  /// Issues one token; returns its length.
  int issue() {
    return switch (tokens.handle(request)) {
      case TokenResponse.Granted granted -> granted.issued().token().length();
      case TokenResponse.Refused refused ->
          throw new BenchException("No token was issued: " + refused.description());
      case TokenResponse.Done done -> throw new BenchException("No token was issued, no error");
    };
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
