package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.row.EventTable;
import dev.ingam.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class ExchangeWatchTest {
  /// A database that gives no connection.
  private static final class NoConnection extends AbstractPlatformTransactionManager {
    private static final long serialVersionUID = 1L;

    @Override
    protected Object doGetTransaction() {
      throw new CannotCreateTransactionException("no connection");
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
      throw new CannotCreateTransactionException("no connection");
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
      throw new CannotCreateTransactionException("no connection");
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
      throw new CannotCreateTransactionException("no connection");
    }
  }

  @Test
  void noConnection_attemptIsStillCountedAndAlarms() {
    var clock = SettableClock.at("2026-11-23T09:00:00Z");
    var events =
        new EventTable(
            JdbcClient.create(new DriverManagerDataSource()), IssuanceSchema.NAME, clock);
    var watch = new ExchangeWatch(events, new TransactionTemplate(new NoConnection()), clock);

    watch.noSession("web");

    assertThat(watch.count()).isEqualTo(1);
    assertThat(watch.alarms()).extracting("code").containsExactly("exchange_without_session");
  }
}
