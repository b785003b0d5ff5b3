package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.ledger.LedgerOptions;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerRoundTest {
  private static final int TOKENS = 3_001;
  private static final int SLOTS = 1 << 10;
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void run_measuresAllOfARound(boolean synced) throws Exception {
    var options = LedgerOptions.of("bench", "boot").withBookSlots(SLOTS);
    var population = new Population(TOKENS, CLOCK.instant().getEpochSecond());
    var round =
        LedgerRound.run(
            folder, synced ? options : options.withoutSyncAndJournal(), population, CLOCK);
    assertThat(round.tokens()).isEqualTo(TOKENS);
    assertThat(LedgerRound.Value.ENTRY_BYTES.of(round)).isEqualTo(32);
    assertThat(LedgerRound.Value.PAIRS.of(round)).isPositive();
    assertThat(LedgerRound.Value.PAIRS_SINGLY.of(round)).isPositive();
  }

  @Test
  void rates_areOfAllTokens() {
    var nanos = new LedgerRound.Nanos(1_000_000, 3_000_000, 1_000_000);
    var round = new LedgerRound(1_000, nanos, 100, 64_000, 32, 5_000_000);
    assertThat(LedgerRound.Value.ENTERS.of(round)).isEqualTo(1_000_000);
    assertThat(LedgerRound.Value.PAIRS.of(round)).isEqualTo(500_000);
    assertThat(LedgerRound.Value.PAIRS_SINGLY.of(round)).isEqualTo(250_000);
    assertThat(LedgerRound.Value.HEAP_BYTES.of(round)).isEqualTo(0.1);
    assertThat(LedgerRound.Value.GARBAGE_BYTES.of(round)).isEqualTo(64);
    assertThat(LedgerRound.Value.LAG_SECONDS.of(round)).isEqualTo(0.005);
  }
}
