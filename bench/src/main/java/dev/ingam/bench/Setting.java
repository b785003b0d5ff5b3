package dev.ingam.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/// Where and how long a bench runs.
///
/// @param folder an empty folder of this run, on the disk that is to be measured; removed
///   afterwards
/// @param live how many tokens live in the ledger, per measurement
/// @param tls whether the HTTP benches speak TLS
/// @param sink takes results so that they are not optimised away
record Setting(
    Path folder,
    boolean quick,
    List<Integer> live,
    boolean tls,
    Progress progress,
    LongConsumer sink) {
  Setting {
    live = List.copyOf(live);
  }

  Timing inProcess() {
    return quick ? Timing.QUICK_IN_PROCESS : Timing.IN_PROCESS;
  }

  Timing overHttp() {
    return quick ? Timing.QUICK_OVER_HTTP : Timing.OVER_HTTP;
  }

  Rounds rounds() {
    return new Rounds(inProcess(), sink);
  }
}
