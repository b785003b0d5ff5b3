package dev.ingam.server.ledger;

import dev.ingam.issuance.Caller;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import dev.ingam.server.door.Tagged;
import dev.ingam.wire.LedgerState;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/// `GET /ledger/state`: what verifiers ask each second. Written anew when it changed.
public final class LedgerStateDoor implements BiFunction<Caller, Call, Reply> {
  private static final HttpField ASKED_EACH_TIME =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "private, no-cache");

  private record Written(LedgerState state, Tagged answer) {}

  private final Supplier<LedgerState> current;
  // Any thread replaces it whole; losing a race costs one more writing.
  private volatile @Nullable Written last;

  /// @param current the same object as long as nothing changed
  public LedgerStateDoor(Supplier<LedgerState> current) {
    this.current = current;
  }

  @Override
  public Reply apply(Caller caller, Call call) {
    var state = current.get();
    var written = last;
    if (written == null || !written.state.equals(state)) {
      written = new Written(state, new Tagged(state.toJson(), ASKED_EACH_TIME));
      last = written;
    }
    return written.answer.answer(call);
  }
}
