package dev.ingam.issuance;

import dev.ingam.issuance.ledger.IssuanceException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The right of this process to issue: one node serves at a time.
///
/// The lease stands in PostgreSQL and runs by the database's clock. Here it is one number, so that
/// the hot path asks memory: the moment, by a clock that never jumps, until which the last renewal
/// holds, counted from before it was sent. A process that loses the database goes on until then and
/// issues nothing after. A lease of our own node (whose folder lock we hold) is taken over at once;
/// each process has a name of its own, so the one before notices with its next renewal.
public final class NodeLease implements AutoCloseable {
  /// How long a renewal holds.
  public static final Duration DURATION = Duration.ofSeconds(10);

  private final JdbcClient database;
  private final String node;
  private final String holder;
  private final LongSupplier nanos;

  /// End of the lease in [#nanos]. Written by the renewing thread.
  private volatile long until;

  /// Whether there is one. Written by the renewing thread.
  private volatile boolean held;

  /// @param node the installation's id
  /// @param holder a random name of this process
  /// @param nanos a monotonic clock, as `System::nanoTime`
  public NodeLease(JdbcClient database, String node, String holder, LongSupplier nanos) {
    this.database = database;
    this.node = node;
    this.holder = holder;
    this.nanos = nanos;
  }

  /// Looks whether another node serves this database, and changes nothing: for who is about to
  /// change its tables. There may be none yet.
  ///
  /// @param owner connects as the owner of the tables
  /// @param node our own, as in the constructor
  /// @throws IssuanceException `ALREADY_SERVED` when another node holds the lease
  public static void requireUnserved(JdbcClient owner, String node) {
    var made = "select to_regclass('issuance.node_lease') is not null";
    if (owner.sql(made).query(Boolean.class).single()) {
      owner
          .sql(
              """
              select node from issuance.node_lease
              where node <> :node and until >= clock_timestamp()
              """)
          .param("node", node)
          .query(String.class)
          .optional()
          .ifPresent(other -> {
            throw servedBy(other);
          });
    }
  }

  /// Takes the lease.
  ///
  /// @throws IssuanceException `ALREADY_SERVED` when another node holds it
  public void acquire() {
    var before = nanos.getAsLong();
    var taken =
        database
            .sql(
                """
                insert into issuance.node_lease as l (node, holder, until)
                values (:node, :holder, clock_timestamp() + make_interval(secs => :seconds))
                on conflict (one) do update set
                  node = excluded.node, holder = excluded.holder, until = excluded.until
                where l.node = excluded.node or l.until < clock_timestamp()
                """)
            .param("node", node)
            .param("holder", holder)
            .param("seconds", DURATION.toSeconds())
            .update();
    if (taken != 1) {
      throw servedBy(otherNode());
    }
    hold(before);
  }

  private static IssuanceException servedBy(String other) {
    return new IssuanceException(
        IssuanceException.Kind.ALREADY_SERVED,
        "expected this database to be served by no other node, but node "
            + other
            + " serves it; stop that one, or wait "
            + DURATION.toSeconds()
            + " s after its end");
  }

  private String otherNode() {
    return database.sql("select node from issuance.node_lease").query(String.class).single();
  }

  /// Prolongs the lease; false when another process took it or the database did not answer. Called
  /// each second by one thread.
  public boolean renew() {
    var before = nanos.getAsLong();
    try {
      var renewed =
          database
              .sql(
                  """
                  update issuance.node_lease
                  set until = clock_timestamp() + make_interval(secs => :seconds)
                  where holder = :holder
                  """)
              .param("seconds", DURATION.toSeconds())
              .param("holder", holder)
              .update();
      if (renewed != 1) {
        held = false;
        return false;
      }
    } catch (DataAccessException e) {
      return false;
    }
    hold(before);
    return true;
  }

  private void hold(long before) {
    until = before + DURATION.toNanos();
    held = true;
  }

  /// Whether this process may issue now.
  public boolean isHeld() {
    return held && nanos.getAsLong() - until < 0;
  }

  /// @throws IssuanceException when this process may not issue now
  void require() {
    if (!isHeld()) {
      throw new IssuanceException(
          IssuanceException.Kind.DATABASE_UNAVAILABLE,
          "expected the lease of this node to last; it ended because the database did not answer or"
              + " another process took over");
    }
  }

  /// Gives the lease up, so that another node can start at once.
  @Override
  public void close() {
    held = false;
    database
        .sql("update issuance.node_lease set until = clock_timestamp() where holder = :holder")
        .param("holder", holder)
        .update();
  }
}
