package dev.ingam.issuance.judge;

import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.RowMac;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Acknowledgements in PostgreSQL. They end alarms, so each carries a MAC.
final class AcknowledgementStore {
  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgementStore.class);
  private static final String TABLE = "issuance.theft_acknowledgement";
  private static final String HEX_TEXT = "([0-9a-f]{2})+";
  private static final HexFormat HEX = HexFormat.of();

  private record Read(Acknowledgement acknowledgement, String mac) {}

  private final JdbcClient database;
  private final EventTable events;
  private final RowMac macs;

  AcknowledgementStore(TheftProofs.Storage storage) {
    database = storage.database();
    events = storage.events();
    macs = storage.macs();
  }

  /// Adds one with its event, in the caller's transaction.
  void add(Acknowledgement acknowledgement) {
    database
        .sql(
            """
            insert into issuance.theft_acknowledgement (kid, proofs, at, actor, why, mac)
            values (:kid, :proofs, :at, :actor, :why, :mac)
            """)
        .param("kid", acknowledgement.kid())
        .param("proofs", acknowledgement.proofs())
        .param("at", acknowledgement.at().atOffset(ZoneOffset.UTC))
        .param("actor", acknowledgement.actor())
        .param("why", acknowledgement.why())
        .param("mac", HEX.formatHex(mac(acknowledgement)))
        .update();
    events.append(
        "theft_acknowledged",
        acknowledgement.actor(),
        Map.of(
            "kid", acknowledgement.kid(),
            "forged_tokens", Long.toString(acknowledgement.proofs()),
            "why", acknowledgement.why()));
  }

  /// Those that this authority wrote, of each key the last one last.
  List<Acknowledgement> ours() {
    return all().stream().filter(this::isOurs).map(Read::acknowledgement).toList();
  }

  private List<Read> all() {
    return database
        .sql("select * from issuance.theft_acknowledgement order by proofs, id")
        .query(AcknowledgementStore::read)
        .list();
  }

  private static Read read(ResultSet row, int number) throws SQLException {
    return new Read(
        new Acknowledgement(
            row.getString("kid"),
            row.getLong("proofs"),
            row.getObject("at", OffsetDateTime.class).toInstant(),
            row.getString("actor"),
            row.getString("why")),
        row.getString("mac"));
  }

  private boolean isOurs(Read read) {
    var acknowledgement = read.acknowledgement();
    var holds =
        read.mac().matches(HEX_TEXT)
            && macs.holds(
                TABLE,
                acknowledgement.kid(),
                acknowledgement.proofs(),
                columns(acknowledgement),
                HEX.parseHex(read.mac()));
    if (!holds) {
      LOG.atError()
          .addKeyValue("kid", acknowledgement.kid())
          .log("An acknowledgement of a theft is not ours; it ends no alarm");
    }
    return holds;
  }

  private byte[] mac(Acknowledgement acknowledgement) {
    return macs.of(
        TABLE, acknowledgement.kid(), acknowledgement.proofs(), columns(acknowledgement));
  }

  private static List<@Nullable String> columns(Acknowledgement of) {
    return List.of(of.at().toString(), of.actor(), of.why());
  }
}
