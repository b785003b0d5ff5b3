package dev.ingam.issuance;

import dev.ingam.keys.row.RoleName;
import dev.ingam.keys.row.RowCopies;
import dev.ingam.keys.row.SchemaMigration;
import java.util.List;
import javax.sql.DataSource;

/// The migrations of the schema `issuance`.
public final class IssuanceSchema {
  /// The schema's name.
  public static final String NAME = "issuance";

  static final RowCopies BOOKS =
      new RowCopies("issuance.book", "number", "state <> 'dropped' AND NOT refused");
  static final RowCopies WATERMARK_SET = new RowCopies("issuance.watermark_set", "one", "true");

  /// Those that the set names, however old: without one of them the set says nothing.
  static final RowCopies WATERMARKS =
      new RowCopies(
          "issuance.watermark",
          "id",
          """
          t.id::text IN (
            SELECT split_part(line, ' ', 1)
            FROM issuance.watermark_set, regexp_split_to_table(members, '\n') AS line)
          """);

  /// What a node remembers of it: the books at hand, and the watermarks in force.
  public static final List<RowCopies> REMEMBERED = List.of(BOOKS, WATERMARK_SET, WATERMARKS);

  /// The highest generation of a book.
  public static final String GENERATION =
      "SELECT coalesce(max(generation), 0) FROM issuance.book WHERE NOT refused";

  private IssuanceSchema() {}

  /// Brings the schema up to date for the role `ingam_server`.
  ///
  /// @param owner connects as the owner
  public static void migrate(DataSource owner) {
    migrate(owner, RoleName.SERVER);
  }

  /// Brings the schema up to date; nothing when it is.
  ///
  /// @param owner connects as the owner
  /// @param server the role that works with the tables; it exists
  public static void migrate(DataSource owner, RoleName server) {
    SchemaMigration.run(IssuanceSchema.class, NAME, owner, server);
  }

  /// Brings an empty schema to the version that a backup was made of.
  ///
  /// @param owner connects as the owner
  /// @param server the role that works with the tables; it exists
  public static void migrateTo(String version, DataSource owner, RoleName server) {
    SchemaMigration.runTo(version, IssuanceSchema.class, NAME, owner, server);
  }
}
