package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The contract on mapped files with the directory in PostgreSQL, and what the directory itself
/// promises.
class MappedLedgerOnPostgresTest extends LedgerContract {
  @RegisterExtension
  static final TestDatabase DATABASE = TestDatabase.migrated("issuance", IssuanceSchema::migrate);

  private static final SealingKeys SEALING =
      new SealingKeys(new byte[SealingKeys.ROOT_BYTES], new SecureRandom());

  @TempDir Path folder;
  private LedgerWorld world;

  @BeforeEach
  void open() throws IOException {
    DATABASE.ownerClient().sql("delete from issuance.book").update();
    world = new LedgerWorld(folder, directory());
    world.wrapper =
        new BookKeyWrapper() {
          @Override
          public byte[] wrap(String context, byte[] secret) {
            return SEALING.wrap(context, secret);
          }

          @Override
          public byte[] unwrap(String context, byte[] wrapped) {
            return SEALING.unwrap(context, wrapped);
          }
        };
    world.open();
  }

  private static PostgresBookDirectory directory() {
    var clock = SettableClock.at("2026-11-23T09:00:00Z");
    return new PostgresBookDirectory(
        new TransactionTemplate(new DataSourceTransactionManager(DATABASE.server())),
        DATABASE.serverClient(),
        new EventTable(DATABASE.serverClient(), IssuanceSchema.NAME, clock),
        new RowMac(SEALING));
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Override
  Ledger ledger() {
    return world.ledger();
  }

  @Override
  SettableClock clock() {
    return world.clock;
  }

  @Test
  void restart_findsTheBooksOfBefore() {
    var token = world.issue(true);
    world.killAndOpen();
    assertThat(world.redeem(token)).isEqualTo(Finding.ISSUED);
    world.ledger().close();
    world.open();
    assertThat(world.redeem(token)).isEqualTo(Finding.REDEEMED);
  }

  @Test
  void closing_leavesRootAndEvents() {
    var token = world.issue(false);
    world.ledger().close();
    var row =
        directory().books().rows().stream()
            .filter(each -> each.number() == token.serial().book())
            .findAny()
            .orElseThrow();
    assertThat(row.state()).isEqualTo(BookRow.State.SEALED);
    assertThat(row.count()).isEqualTo(1);
    assertThat(row.root()).hasSize(32);
    assertThat(events("book_sealed", row.number())).isEqualTo(1);
    assertThat(events("book_opened", row.number())).isEqualTo(1);
    world.open();
  }

  private static int events(String type, int book) {
    return DATABASE
        .ownerClient()
        .sql("select count(*) from issuance.event where type = ? and body ->> 'book' = ?")
        .params(type, BookRow.name(book))
        .query(Integer.class)
        .single();
  }

  @Test
  void changedRow_doesNotExistAndAlarms() {
    var token = world.issue(false);
    world.kill();
    DATABASE
        .ownerClient()
        .sql("update issuance.book set slots = slots * 2 where number = ?")
        .param(BookRow.name(token.serial().book()))
        .update();
    world.open();
    assertThat(world.lookup(token)).isEqualTo(Finding.UNKNOWN_BOOK);
    assertThat(world.alarmed("directory_row_refused")).isTrue();
  }

  @Test
  void add_numberTaken_changesNothing() {
    var row = directory().books().rows().getFirst();
    assertThat(directory().add(row)).isFalse();
    assertThat(directory().change(row.dropped().dropped())).isFalse();
    assertThat(directory().books().rows()).anyMatch(each -> each.number() == row.number());
  }
}
