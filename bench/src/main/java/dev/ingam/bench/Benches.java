package dev.ingam.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// Every bench by its word.
final class Benches {
  private Benches() {}

  static Map<Subject, Bench> all(Path home) {
    var clock = Clock.systemUTC();
    return Map.of(
        Subject.LEDGER, new LedgerBench(clock),
        Subject.SIGN, new SignBench(clock),
        Subject.HSM, new HsmBench(clock),
        Subject.VERIFY, new VerifyBench(clock),
        Subject.ISSUE, new IssueBench(home),
        Subject.GATE, new GateBench(home),
        Subject.BACKUP, new BackupBench(home),
        Subject.FLOOD, new FloodBench(home, clock),
        Subject.LIVE, new LiveBench(home));
  }
}
