package dev.ingam.keys;

import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The life of signing keys.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class KeyLifecycle implements AutoCloseable {
  private final Keyring keyring = new Keyring();

  /// @param database connects as `ingam_server`
  public KeyLifecycle(
      DataSource database,
      SigningStores stores,
      SealingKeys sealing,
      List<KeySetConfig> sets,
      Clock clock) {}

  public Keyring keyring() {
    return keyring;
  }

  public void start() {
    throw new UnsupportedOperationException();
  }

  public KeyView prepare(String set, String actor) {
    throw new UnsupportedOperationException(set + actor);
  }

  public KeyView activate(String kid, String actor) {
    throw new UnsupportedOperationException(kid + actor);
  }

  public KeyView rotate(String set, boolean now, String actor) {
    throw new UnsupportedOperationException(set + now + actor);
  }

  public KeyView taint(String kid, String why, String actor) {
    throw new UnsupportedOperationException(kid + why + actor);
  }

  public KeyView revoke(String kid, String why, String actor) {
    throw new UnsupportedOperationException(kid + why + actor);
  }

  public List<KeyView> list() {
    throw new UnsupportedOperationException();
  }

  public @Nullable KeyView show(String kid) {
    throw new UnsupportedOperationException(kid);
  }

  public Condemnation condemn(String kid, String cause, String actor) {
    throw new UnsupportedOperationException(kid + cause + actor);
  }

  public void runDue() {
    throw new UnsupportedOperationException();
  }

  public List<Alarm> alarms() {
    throw new UnsupportedOperationException();
  }

  /// Closes the signers and records the last signature counts.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
