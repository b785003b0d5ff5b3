package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.ingam.keys.row.EventTable;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.Until;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class ExchangeWatchTest {
  /// A database that gives no connection, and takes its time to say so.
  private static final class NoConnection extends AbstractPlatformTransactionManager {
    private static final long serialVersionUID = 1L;

    private final transient CountDownLatch slow;

    private NoConnection(CountDownLatch slow) {
      this.slow = slow;
    }

    @Override
    protected Object doGetTransaction() {
      try {
        slow.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
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

  private static ExchangeWatch watch(CountDownLatch slow) {
    var clock = SettableClock.at("2026-11-23T09:00:00Z");
    var events =
        new EventTable(
            JdbcClient.create(new DriverManagerDataSource()), IssuanceSchema.NAME, clock);
    return new ExchangeWatch(events, new TransactionTemplate(new NoConnection(slow)), clock);
  }

  @Test
  void eventUnderWay_keepsNoOtherAttemptWaiting() throws InterruptedException {
    var slow = new CountDownLatch(1);
    var watch = watch(slow);
    var first = Thread.ofPlatform().start(() -> watch.noSession("web"));
    Until.isTrue("it waits", Duration.ofSeconds(30), () -> first.getState() == State.WAITING);

    assertTimeoutPreemptively(Duration.ofMinutes(1), () -> watch.noSession("web"));

    assertThat(watch.count()).isEqualTo(2);
    slow.countDown();
    first.join();
  }

  @Test
  void noConnection_attemptIsStillCountedAndAlarms() {
    var watch = watch(new CountDownLatch(0));

    watch.noSession("web");

    assertThat(watch.count()).isEqualTo(1);
    assertThat(watch.alarms()).extracting("code").containsExactly("exchange_without_session");
  }
}
