package dev.ingam.keys.row;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rows as JSON texts, of whatever columns: to remember them, and to write them as they were, with
/// their versions and MACs. Joins the caller's transaction.
///
/// @param table with its schema
/// @param id the column of the primary key
/// @param wanted which rows are remembered, as a condition on `t`
public record RowCopies(String table, String id, String wanted) {
  private static final String NAME = "[a-z_]{1,40}";

  public RowCopies {
    if (!table.matches(NAME + "\\." + NAME) || !id.matches(NAME)) {
      throw new IllegalArgumentException("expected a table of ours, came " + table);
    }
  }

  /// The wanted rows as a JSON array, in the order of their ids.
  public String read(JdbcClient database) {
    return database
        .sql(
            "SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY "
                + id
                + ")::text, '[]') FROM "
                + table
                + " t WHERE "
                + wanted)
        .query(String.class)
        .single();
  }

  /// The rows of such an array by id.
  public Map<String, String> byId(JdbcClient database, String rows) {
    var found = new LinkedHashMap<String, String>();
    database
        .sql("SELECT value ->> ? AS id, value::text AS row FROM jsonb_array_elements(?::jsonb)")
        .params(id, rows)
        .query(row -> {
          found.put(row.getString("id"), row.getString("row"));
        });
    return found;
  }

  /// Writes one row, in place of what stands there.
  public void write(JdbcClient database, String row) {
    var changes =
        database
            .sql(
                """
                SELECT string_agg(format('%I = excluded.%I', attname, attname), ', ')
                FROM pg_attribute
                WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
                """)
            .param(table)
            .query(String.class)
            .single();
    database
        .sql(
            "INSERT INTO "
                + table
                + " SELECT * FROM jsonb_populate_record(NULL::"
                + table
                + ", ?::jsonb) ON CONFLICT ("
                + id
                + ") DO UPDATE SET "
                + changes)
        .param(row)
        .update();
  }
}
