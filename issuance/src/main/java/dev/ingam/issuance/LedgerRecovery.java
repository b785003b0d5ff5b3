package dev.ingam.issuance;

import dev.ingam.issuance.ledger.PostgresBookDirectory;
import dev.ingam.issuance.watermark.WatermarkRecovery;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowChange;
import dev.ingam.keys.row.RowMac;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Brings book directory and watermarks of an older database in line with what this node remembers,
/// while no server runs on it.
public final class LedgerRecovery {
  private final JdbcClient database;
  private final EventTable events;
  private final PostgresBookDirectory directory;
  private final WatermarkRecovery watermarks;
  private final Recall recall;

  /// @param source connects as `ingam_server`
  public LedgerRecovery(DataSource source, SealingKeys sealing, Recall recall, Clock clock) {
    this.database = JdbcClient.create(source);
    this.events = new EventTable(database, IssuanceSchema.NAME, clock);
    this.recall = recall;
    var transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    var macs = new RowMac(sealing);
    this.directory = new PostgresBookDirectory(transactions, database, events, macs);
    this.watermarks =
        new WatermarkRecovery(new Watermarks.Storage(database, transactions, macs, events, recall));
  }

  /// What would be written for the database to know again which books there are.
  public List<RowChange> books() {
    var changes = new ArrayList<RowChange>();
    var texts = IssuanceSchema.BOOKS.byId(database, recall.rows(IssuanceSchema.BOOKS.table()));
    directory
        .missing(recall)
        .forEach((number, state) ->
            changes.add(
                new RowChange(
                    IssuanceSchema.BOOKS,
                    number,
                    state,
                    "as remembered",
                    texts.getOrDefault(number, ""))));
    return changes;
  }

  /// What would be written for no watermark to be forgotten.
  public List<RowChange> watermarks() {
    return watermarks.changes(IssuanceSchema.WATERMARK_SET, IssuanceSchema.WATERMARKS);
  }

  /// Live sessions that the watermarks end.
  public long sessionsEnded() {
    return watermarks.sessionsEnded();
  }

  /// Writes one change with its event, in the caller's transaction.
  public void write(RowChange change) {
    change.table().write(database, change.row());
    events.append("row_recovered", "recover", change.body());
  }
}
