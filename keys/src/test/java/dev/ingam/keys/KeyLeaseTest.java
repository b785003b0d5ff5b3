package dev.ingam.keys;

import static dev.ingam.keys.KeyLifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.KeysException.Code;
import dev.ingam.keys.row.Recall;
import dev.ingam.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A key signs only while its state was read a moment ago; who verifies goes on.
class KeyLeaseTest {
  @RegisterExtension static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;
  // Near the end of its range: a monotonic clock may start anywhere.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final SlowDatabase database = new SlowDatabase();
  private TestHouse house;

  /// Each connection takes so long, by the monotonic clock.
  private final class SlowDatabase extends DelegatingDataSource {
    private Duration slowness = Duration.ZERO;

    private SlowDatabase() {
      super(DATABASE.server());
    }

    @Override
    public Connection getConnection() throws SQLException {
      nanos.addAndGet(slowness.toNanos());
      return super.getConnection();
    }
  }

  /// Compares, and then finds the disk full.
  private static final class OnAFullDisk implements Recall {
    @Override
    public boolean isBehind() {
      return false;
    }

    @Override
    public void keep() {
      throw new UncheckedIOException(new IOException("No space left on device"));
    }

    @Override
    public String rows(String table) {
      return "[]";
    }

    @Override
    public long generation() {
      return 0;
    }
  }

  @BeforeEach
  void start() {
    house = new TestHouse(folder, DATABASE);
    house.nanos = nanos::get;
    house.source = database;
    house.start();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static void rename(String table, String to) {
    DATABASE.ownerClient().sql("ALTER TABLE keys." + table + " RENAME TO " + to).update();
  }

  @Test
  void databaseAway_signsUntilTheLeaseEnds_verifiesOn_andSignsAgain() {
    var active = house.ring().active("access");
    rename("signing_key", "gone");
    try {
      pass(Keyring.LEASE.minusNanos(1));
      house.keys.runDue();
      assertThat(house.ring().sign(active, new byte[1])).hasSize(64);
      assertThat(house.ring().isFresh()).isTrue();

      pass(Duration.ofNanos(1));
      house.keys.runDue();

      assertThat(house.ring().isFresh()).isFalse();
      refused(Code.KEY_STATES_STALE, () -> house.ring().active("access"));
      refused(Code.KEY_STATES_STALE, () -> house.ring().sign(active, new byte[1]));
      assertThat(house.ring().find(active.kid())).isNotNull();
      assertThat(house.ring().publicSet().find(active.kid())).isNotNull();
      assertThat(house.ring().authenticatedSet().find(active.kid())).isNotNull();
    } finally {
      rename("gone", "signing_key");
    }

    house.keys.runDue();

    assertThat(house.ring().isFresh()).isTrue();
    assertThat(house.ring().active("access")).isEqualTo(active);
    assertThat(house.ring().sign(active, new byte[1])).hasSize(64);
  }

  /// The disk of what a node remembers is not that of the keys: they sign on.
  @Test
  void diskOfTheMemoryFull_keysSignOn() {
    house.close();
    house.recall = new OnAFullDisk();
    house.start();
    pass(Keyring.LEASE);

    house.keys.runDue();

    assertThat(house.ring().isFresh()).isTrue();
    assertThat(house.ring().sign(house.ring().active("access"), new byte[1])).hasSize(64);
  }

  /// What is read may have been written over while it was read.
  @Test
  void reading_thatTakesLongerThanTheLease_renewsNothing() {
    database.slowness = Keyring.LEASE;
    house.keys.runDue();
    assertThat(house.ring().isFresh()).isFalse();

    database.slowness = Duration.ZERO;
    house.keys.runDue();
    assertThat(house.ring().isFresh()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-P30D", "-PT1S", "PT11S", "P30D"})
  void wallClock_putAnywhere_neitherEndsNorProlongsTheLease(String step) {
    house.clock.advance(Duration.parse(step));
    assertThat(house.ring().isFresh()).isTrue();
    pass(Keyring.LEASE);
    house.clock.advance(Duration.parse(step).negated());
    assertThat(house.ring().isFresh()).isFalse();
  }

  @Test
  void keyring_beforeTheStartAndAfterTheEnd_isNotFresh() {
    house.kill();
    house.open();
    assertThat(house.ring().isFresh()).isFalse();
    house.keys.start();
    assertThat(house.ring().isFresh()).isTrue();
    house.keys.close();
    assertThat(house.ring().isFresh()).isFalse();
  }
}
