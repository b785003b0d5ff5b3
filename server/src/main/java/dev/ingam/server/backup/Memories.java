package dev.ingam.server.backup;

import dev.ingam.issuance.IssuanceSchema;
import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysSchema;
import dev.ingam.keys.NodeMemory;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.disk.PosixFiles;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// What a node of this program remembers: of both schemas.
public final class Memories {
  private Memories() {}

  /// @param database connects as `ingam_server`
  public static NodeMemory of(
      DataSource database, Installation installation, SealingKeys sealing, Clock clock) {
    var tables =
        new NodeMemory.Tables(
            List.of(KeysSchema.NAME, IssuanceSchema.NAME),
            Stream.concat(KeysSchema.REMEMBERED.stream(), IssuanceSchema.REMEMBERED.stream())
                .toList(),
            IssuanceSchema.GENERATION);
    return new NodeMemory(
        installation.secretsDir(), new PosixFiles(), sealing, database, tables, clock);
  }
}
