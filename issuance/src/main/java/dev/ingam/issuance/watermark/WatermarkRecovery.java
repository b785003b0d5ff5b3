package dev.ingam.issuance.watermark;

import dev.ingam.issuance.watermark.WatermarkStore.Found;
import dev.ingam.keys.row.RowChange;
import dev.ingam.keys.row.RowCopies;
import dev.ingam.wire.Watermark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings the watermarks of an older database in line with what this node remembers.
public final class WatermarkRecovery {
  private final Watermarks.Storage storage;
  private final WatermarkStore store;

  public WatermarkRecovery(Watermarks.Storage storage) {
    this.storage = storage;
    this.store = new WatermarkStore(storage);
  }

  /// The rows that must be written: none when the database's watermarks are the newer ones.
  public List<RowChange> changes(RowCopies set, RowCopies rows) {
    var changes = new ArrayList<RowChange>();
    var newer = newer();
    if (newer != null) {
      var database = storage.database();
      var texts = rows.byId(database, storage.recall().rows(rows.table()));
      for (var row : newer.rows()) {
        var id = Long.toString(row.id());
        changes.add(
            new RowChange(rows, id, RowChange.UNKNOWN, "in force", texts.getOrDefault(id, "")));
      }
      set.byId(database, storage.recall().rows(set.table()))
          .forEach((id, text) ->
              changes.add(
                  new RowChange(set, id, RowChange.UNKNOWN, "version " + newer.version(), text)));
    }
    return changes;
  }

  /// How many live sessions those watermarks end.
  public long sessionsEnded() {
    var newer = newer();
    long ended = 0;
    if (newer != null) {
      for (var row : newer.rows()) {
        var mark = row.mark();
        if (mark != null && mark.line() != null) {
          ended = Math.max(ended, sessionsEnded(mark));
        }
      }
    }
    return ended;
  }

  private long sessionsEnded(Mark mark) {
    boolean all = mark.target() == Watermark.Target.ALL;
    if (!all && mark.target() != Watermark.Target.CLIENT) {
      return 0;
    }
    return storage
        .database()
        .sql(
            """
            select count(*) from issuance.session
            where ended_at is null and expires_at > now() and epoch < :id
              and (:all or opened_by = :client)
            """)
        .param("id", mark.id())
        .param("all", all)
        .param("client", mark.value())
        .query(Long.class)
        .single();
  }

  private @Nullable Found newer() {
    var remembered = store.remembered();
    var stored = store.find();
    return remembered != null && (stored == null || remembered.version() > stored.version())
        ? remembered
        : null;
  }
}
