package dev.ingam.server.postgres;

import dev.ingam.keys.Alarm;
import dev.ingam.keys.Installation;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.start.Secret;
import dev.ingam.server.start.Settings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The database that this server works with: its own, which it stops again, or the operator's.
public final class Database implements AutoCloseable {
  private final DatabaseAccess access;
  private final @Nullable EmbeddedPostgres own;

  private Database(DatabaseAccess access, @Nullable EmbeddedPostgres own) {
    this.access = access;
    this.own = own;
  }

  /// @param installation whose folders our own PostgreSQL has its data and passwords in
  /// @param atExit runs what it is handed when this process ends, last of all
  public static Database open(
      Settings.Database settings,
      Installation installation,
      SecureRandom random,
      Clock clock,
      Consumer<Runnable> atExit) {
    if (settings.url() == null) {
      var own =
          EmbeddedPostgres.start(
              installation.dataDir(), installation.secretsDir(), random, clock, atExit);
      return new Database(own.access(), own);
    }
    var access =
        new DatabaseAccess(
            settings.url(),
            login(settings.ownerUsername(), settings.ownerPassword()),
            login(settings.username(), settings.password()));
    return new Database(access, null);
  }

  /// Lets the next start make the database of this installation anew: the one that it had is lost,
  /// and what was in it is at hand.
  public static void forget(Installation installation) {
    new PosixFiles().delete(Cluster.made(installation.secretsDir()));
  }

  /// Names are there: [Settings#problems] asks for them.
  private static DatabaseAccess.Login login(@Nullable String role, @Nullable Secret password) {
    return new DatabaseAccess.Login(
        role == null ? "" : role, password == null ? new Secret("") : password);
  }

  public DatabaseAccess access() {
    return access;
  }

  /// The process of our own PostgreSQL; 0 when it is the operator's.
  public long pid() {
    return own == null ? 0 : own.pid();
  }

  /// What a person must look at: that our own PostgreSQL died, or does not run.
  public List<Alarm> alarms() {
    return own == null ? List.of() : own.alarms();
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
