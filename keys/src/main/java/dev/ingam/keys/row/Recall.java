package dev.ingam.keys.row;

/// What a node remembers of its database, outside of it: so that an older database, put back under
/// it, is seen, and what it forgot is known.
///
/// Safe to call concurrently.
public interface Recall {
  /// Of who remembers nothing: no database is ever behind.
  Recall NONE =
      new Recall() {
        @Override
        public boolean isBehind() {
          return false;
        }

        @Override
        public void keep() {}

        @Override
        public String rows(String table) {
          return "[]";
        }

        @Override
        public long generation() {
          return 0;
        }
      };

  /// Whether the database was found to be older than what is remembered. Stays so until `ingam
  /// recover` and a new start.
  boolean isBehind();

  /// Compares, and if the database is not behind remembers what it holds. To be called at the start
  /// and about each second.
  ///
  /// @throws org.springframework.dao.DataAccessException or of transactions, when it does not
  ///   answer
  /// @throws java.io.UncheckedIOException when the disk refuses
  void keep();

  /// The rows of a table as they were remembered: a JSON array of objects, as PostgreSQL's
  /// `to_jsonb` writes them.
  String rows(String table);

  /// The highest generation that a book of the ledger ever had; 0 when none is known.
  long generation();
}
