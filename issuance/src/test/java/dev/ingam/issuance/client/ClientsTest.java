package dev.ingam.issuance.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.issuance.client.ClientAuthentication.ClientSecret;
import dev.ingam.issuance.client.ClientAuthentication.PrivateKeyJwt;
import dev.ingam.issuance.client.ClientChange.Changed;
import dev.ingam.issuance.client.ClientChange.Exists;
import dev.ingam.issuance.client.ClientChange.Invalid;
import dev.ingam.issuance.client.ClientChange.NotFound;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.KeySet;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ClientsTest {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");
  private final SealingKeys sealing = TestLedger.sealing();
  private final JdbcClient database = DATABASE.serverClient();
  private final EventTable events = new EventTable(database, "issuance", clock);
  private Clients clients;

  @BeforeEach
  void empty() {
    DATABASE.ownerClient().sql("truncate issuance.client, issuance.event").update();
    clients = open();
  }

  private Clients open() {
    var transactions = new TransactionTemplate(new JdbcTransactionManager(DATABASE.server()));
    return new Clients(
        new Clients.Storage(database, transactions, new RowMac(sealing), events, sealing),
        new SecureRandom(),
        clock);
  }

  private static ClientSettings settings(String id, ClientRight... rights) {
    return new ClientSettings(
        id,
        new ClientSecret(),
        Set.of(rights),
        Set.of("profile"),
        Set.of("https://shop.example"),
        ClientSettings.DEFAULT_LIFETIME,
        false);
  }

  private String make(String id) {
    var made = (Changed) clients.create(settings(id, ClientRight.CLIENT_CREDENTIALS), "test");
    return made.secret().reveal();
  }

  @Test
  void secret_hasTwoHundredFiftySixBitsAndIsKeptOnlyAsKeyedHash() {
    var secret = make("shop");

    assertThat(secret).matches("ingam_[A-Za-z0-9_-]{43}");
    var row = database.sql("select client::text from issuance.client").query(String.class).single();
    assertThat(row).doesNotContain(secret.substring(6));
    assertThat(clients.authenticate("shop", secret)).isPresent();
    assertThat(clients.authenticate("shop", secret + "x")).isEmpty();
    assertThat(clients.authenticate("other", secret)).isEmpty();
  }

  @Test
  void secret_isPrintedNowhere() {
    var made = (Changed) clients.create(settings("shop", ClientRight.LEDGER), "test");

    assertThat(made.toString()).doesNotContain(made.secret().reveal());
    for (var event : events.after(0, 10)) {
      assertThat(event.toString()).doesNotContain(made.secret().reveal().substring(6));
    }
  }

  @Test
  void secretOfOneClient_isNotAnothers() {
    var secret = make("shop");
    make("bank");

    assertThat(clients.authenticate("bank", secret)).isEmpty();
  }

  @Test
  void rotateSecret_endsTheOneBefore() {
    var before = make("shop");

    var after = ((Changed) clients.rotateSecret("shop", "test")).secret().reveal();

    assertThat(clients.authenticate("shop", before)).isEmpty();
    assertThat(clients.authenticate("shop", after)).isPresent();
    assertThat(open().authenticate("shop", after)).isPresent();
  }

  @Test
  void disable_andEnable_areFollowed() {
    var secret = make("shop");

    clients.disable("shop", "test");
    assertThat(clients.authenticate("shop", secret)).isEmpty();
    assertThat(clients.find("shop").orElseThrow().enabled()).isFalse();

    clients.enable("shop", "test");
    assertThat(clients.authenticate("shop", secret)).isPresent();
    assertThat(clients.find("shop").orElseThrow().version()).isEqualTo(3);
  }

  @Test
  void update_keepsTheSecretAndReplacesTheRest() {
    var secret = make("shop");
    var wanted =
        new ClientSettings(
            "shop",
            new ClientSecret(),
            Set.of(ClientRight.LEDGER),
            Set.of("a", "b"),
            Set.of("x"),
            Duration.ofMinutes(15),
            true);

    assertThat(((Changed) clients.update(wanted, "test")).secret()).isNull();

    assertThat(clients.find("shop").orElseThrow().settings()).isEqualTo(wanted);
    assertThat(open().find("shop").orElseThrow().settings()).isEqualTo(wanted);
    assertThat(clients.authenticate("shop", secret)).isPresent();
  }

  @Test
  void changes_areEventsInOrder() {
    make("shop");
    clients.disable("shop", "anna");
    clients.rotateSecret("shop", "anna");

    assertThat(events.after(0, 10))
        .extracting("type")
        .containsExactly("client_created", "client_disabled", "client_secret_rotated");
  }

  @Test
  void sameIdTwice_andUnknownId_areTold() {
    make("shop");

    assertThat(clients.create(settings("shop", ClientRight.LEDGER), "test"))
        .isInstanceOf(Exists.class);
    assertThat(clients.disable("nobody", "test")).isInstanceOf(NotFound.class);
    assertThat(clients.rotateSecret("nobody", "test")).isInstanceOf(NotFound.class);
    assertThat(clients.update(settings("nobody", ClientRight.LEDGER), "test"))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void allProblems_areToldAtOnce() {
    var wrong =
        new ClientSettings(
            "Shop!",
            new ClientSecret(),
            Set.of(ClientRight.TOKEN_EXCHANGE, ClientRight.LOGIN_EVENTS),
            Set.of("ingam:ledger", "a b"),
            Set.of("urn:ingam:internal"),
            Duration.ofMinutes(16),
            false);

    var change = (Invalid) clients.create(wrong, "test");

    assertThat(change.problems())
        .anyMatch(problem -> problem.startsWith("id:"))
        .anyMatch(problem -> problem.startsWith("token_lifetime:"))
        .anyMatch(problem -> problem.contains("never belong to one client"))
        .anyMatch(problem -> problem.contains("need private_key_jwt"))
        .anyMatch(problem -> problem.contains("scopes: names"))
        .anyMatch(problem -> problem.contains("scopes: expected"))
        .anyMatch(problem -> problem.contains("audiences: names"));
    assertThat(clients.list()).isEmpty();
  }

  @Test
  void clientWithoutKeysOrRightsOrAudience_isInvalid() {
    var bare =
        new ClientSettings(
            "x",
            new PrivateKeyJwt(new KeySet(List.of())),
            Set.of(),
            Set.of(),
            Set.of(),
            Duration.ofMinutes(5),
            false);

    assertThat(bare.problems()).hasSize(2);
    var issuing =
        new ClientSettings(
            "x",
            new ClientSecret(),
            Set.of(ClientRight.CLIENT_CREDENTIALS),
            Set.of(),
            Set.of(),
            Duration.ofMinutes(5),
            false);
    assertThat(issuing.problems()).singleElement().asString().startsWith("audiences:");
  }

  @Test
  void secretOfAClientWithKeys_cannotBeRotated() {
    var keys = new dev.ingam.issuance.judge.TestKeys().accessTokenKeys().stream().toList();
    var byKey =
        new ClientSettings(
            "web",
            new PrivateKeyJwt(new KeySet(keys)),
            Set.of(ClientRight.LEDGER),
            Set.of(),
            Set.of(),
            Duration.ofMinutes(5),
            false);
    clients.create(byKey, "test");

    assertThat(clients.rotateSecret("web", "test")).isInstanceOf(Invalid.class);
    assertThat(clients.authenticate("web", "anything")).isEmpty();
    var read = (PrivateKeyJwt) open().find("web").orElseThrow().authentication();
    assertThat(read.keys().keys().getFirst().kid()).isEqualTo(keys.getFirst().kid());
  }

  @Test
  void rowChangedInTheDatabase_doesNotExist() {
    var secret = make("shop");
    DATABASE.ownerClient().sql("update issuance.client set scopes = 'admin'").update();

    clients.refresh();

    assertThat(clients.find("shop")).isEmpty();
    assertThat(clients.authenticate("shop", secret)).isEmpty();
    assertThat(clients.broken()).containsOnlyKeys("shop");
    assertThat(clients.disable("shop", "test")).isInstanceOf(NotFound.class);
  }

  @Test
  void rowAddedOrRenamedInTheDatabase_doesNotExist() {
    make("shop");
    DATABASE
        .ownerClient()
        .sql(
            "insert into issuance.client select 'twin', jwks, secret_hash, rights, scopes,"
                + " audiences, lifetime_seconds, single_use, enabled, version, mac"
                + " from issuance.client")
        .update();
    DATABASE.ownerClient().sql("update issuance.client set mac = 'zz' where id = 'shop'").update();

    assertThat(open().list()).isEmpty();
    assertThat(open().broken()).containsOnlyKeys("shop", "twin");
  }

  @Test
  void eachColumn_isUnderTheMac() {
    for (var change :
        List.of(
            "jwks = '{}'",
            "secret_hash = repeat('00', 32)",
            "rights = 'ledger'",
            "audiences = 'y'",
            "lifetime_seconds = 900",
            "single_use = true",
            "enabled = false",
            "version = 7")) {
      empty();
      make("shop");
      DATABASE.ownerClient().sql("update issuance.client set " + change).update();
      clients.refresh();
      assertThat(clients.find("shop")).as(change).isEmpty();
    }
  }

  private void keepRows() {
    DATABASE.ownerClient().sql("drop table if exists issuance.kept").update();
    DATABASE
        .ownerClient()
        .sql("create table issuance.kept as select * from issuance.client")
        .update();
  }

  private void putRowsBack() {
    DATABASE.ownerClient().sql("truncate issuance.client").update();
    DATABASE.ownerClient().sql("insert into issuance.client select * from issuance.kept").update();
  }

  @Test
  void olderRowPutBack_doesNotExist() {
    var secret = make("shop");
    keepRows();
    clients.disable("shop", "test");
    putRowsBack();

    clients.refresh();

    assertThat(clients.find("shop")).isEmpty();
    assertThat(clients.authenticate("shop", secret)).isEmpty();
    assertThat(clients.broken()).containsOnlyKeys("shop");
    assertThat(clients.enable("shop", "test")).isInstanceOf(NotFound.class);
  }

  @Test
  void olderRowPutBackAfterAnotherProcessChangedIt_doesNotExist() {
    make("shop");
    keepRows();
    open().disable("shop", "other");
    clients.refresh();
    putRowsBack();

    clients.refresh();

    assertThat(clients.find("shop")).isEmpty();
    assertThat(clients.broken()).containsOnlyKeys("shop");
  }

  @Test
  void otherRowOfTheSameVersion_doesNotExist() {
    make("shop");
    keepRows();
    clients.disable("shop", "test");
    putRowsBack();
    open().rotateSecret("shop", "a process that started after the row was put back");

    clients.refresh();

    assertThat(clients.find("shop")).isEmpty();
    assertThat(clients.broken()).containsOnlyKeys("shop");
  }

  @Test
  void newestRowPutBack_existsAgain() {
    var secret = make("shop");
    keepRows();
    DATABASE.ownerClient().sql("update issuance.client set scopes = 'admin'").update();
    clients.refresh();
    putRowsBack();

    clients.refresh();

    assertThat(clients.authenticate("shop", secret)).isPresent();
    assertThat(clients.broken()).isEmpty();
  }

  @Test
  void rowDeletedInTheDatabase_isMissedUntilItIsMadeAnew() {
    make("shop");
    clients.disable("shop", "test");
    keepRows();
    DATABASE.ownerClient().sql("truncate issuance.client").update();
    clients.refresh();
    assertThat(clients.find("shop")).isEmpty();
    assertThat(clients.broken()).containsOnlyKeys("shop");

    var secret = make("shop");
    assertThat(clients.authenticate("shop", secret)).isPresent();
    assertThat(clients.find("shop").orElseThrow().version()).isEqualTo(3);
    assertThat(clients.broken()).isEmpty();

    putRowsBack();
    clients.refresh();
    assertThat(clients.broken()).containsOnlyKeys("shop");
  }

  @Test
  void honestChangesOfTwoProcessesAtOnce_areNeverTakenForForged() throws Exception {
    make("shop");
    var other = open();
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 24; i++) {
      var by = i % 2 == 0 ? clients : other;
      tasks.add(() -> by.disable("shop", "test") instanceof Changed);
      tasks.add(() -> by.rotateSecret("shop", "test") instanceof Changed);
      tasks.add(() -> {
        by.refresh();
        return by.broken().isEmpty();
      });
    }
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isTrue();
      }
    }

    clients.refresh();
    assertThat(clients.find("shop").orElseThrow().version()).isEqualTo(49);
    assertThat(clients.broken()).isEmpty();
  }

  @Test
  void changeByAnotherProcess_isFollowed() {
    make("shop");
    open().disable("shop", "other");

    clients.refresh();

    assertThat(clients.find("shop").orElseThrow().enabled()).isFalse();
  }

  @Test
  void server_cannotDeleteClients() {
    make("shop");

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> database.sql("delete from issuance.client").update())
        .rootCause()
        .hasMessageContaining("permission denied");
  }
}
