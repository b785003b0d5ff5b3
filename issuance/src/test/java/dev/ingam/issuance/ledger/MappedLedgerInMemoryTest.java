package dev.ingam.issuance.ledger;

import dev.ingam.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract on mapped files with the directory in memory.
class MappedLedgerInMemoryTest extends LedgerContract {
  @TempDir Path folder;
  private LedgerWorld world;

  @BeforeEach
  void open() throws IOException {
    world = new LedgerWorld(folder, new MemoryBookDirectory());
    world.open();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Override
  Ledger ledger() {
    return world.ledger();
  }

  @Override
  SettableClock clock() {
    return world.clock;
  }
}
