package dev.ingam.verifier;

import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.TokenDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A ledger in a map: knows what was entered, and uses up single-use tokens.
final class FakeLedger implements LedgerClient {
  private final Map<TokenDigest, Boolean> used = new ConcurrentHashMap<>();
  final List<String> reported = new CopyOnWriteArrayList<>();
  final List<LedgerItem> lookups = new CopyOnWriteArrayList<>();
  final List<LedgerItem> redemptions = new CopyOnWriteArrayList<>();

  String enter(String token) {
    used.put(TokenDigest.ofToken(token), false);
    return token;
  }

  @Override
  public LedgerAnswer lookup(LedgerItem item) {
    lookups.add(item);
    return new LedgerAnswer(item.requestId(), held(item));
  }

  @Override
  public LedgerAnswer redeem(LedgerItem item) {
    redemptions.add(item);
    var reason = held(item);
    if (reason == null && item.singleUse()) {
      used.put(TokenDigest.ofToken(item.token()), true);
    }
    return new LedgerAnswer(item.requestId(), reason);
  }

  @Override
  public void report(String token) {
    reported.add(token);
  }

  @Override
  public void close() {
    used.clear();
  }

  private @Nullable Reason held(LedgerItem item) {
    var redeemed = used.get(TokenDigest.ofToken(item.token()));
    if (redeemed == null) {
      return Reason.NOT_ISSUED;
    }
    return redeemed ? Reason.ALREADY_REDEEMED : null;
  }
}
