package dev.ingam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

class TestDatabaseTest {
  private static final AtomicInteger MIGRATIONS = new AtomicInteger();

  @Test
  void migrated_runsOnceAndCopies() {
    try (var first = notes();
        var second = notes()) {
      assertThat(MIGRATIONS).hasValue(1);
      first.serverClient().sql("INSERT INTO note VALUES ('a')").update();
      assertThat(count(first)).isEqualTo(1);
      assertThat(count(second)).isZero();
    }
  }

  @Test
  void server_ownsNothing() {
    try (var database = notes()) {
      var server = database.serverClient();
      assertThatThrownBy(() -> server.sql("DELETE FROM note").update())
          .isInstanceOf(DataAccessException.class)
          .hasStackTraceContaining("permission denied");
      assertThatThrownBy(() -> server.sql("CREATE TABLE public.mine (id int)").update())
          .isInstanceOf(DataAccessException.class)
          .hasStackTraceContaining("permission denied");
      assertThatThrownBy(() -> server.sql("CREATE SCHEMA mine").update())
          .isInstanceOf(DataAccessException.class)
          .hasStackTraceContaining("permission denied");
    }
  }

  @Test
  void postgres_isVersion18() {
    try (var database = TestDatabase.empty()) {
      var version = database.serverClient().sql("SHOW server_version").query(String.class).single();
      assertThat(version).startsWith("18.");
    }
  }

  private static TestDatabase notes() {
    return TestDatabase.migrated(
        "notes",
        owner -> {
          MIGRATIONS.incrementAndGet();
          var client = JdbcClient.create(owner);
          client.sql("CREATE TABLE note (text text)").update();
          client.sql("GRANT SELECT, INSERT ON note TO ingam_server").update();
        });
  }

  private static int count(TestDatabase database) {
    return database.serverClient().sql("SELECT count(*) FROM note").query(Integer.class).single();
  }
}
