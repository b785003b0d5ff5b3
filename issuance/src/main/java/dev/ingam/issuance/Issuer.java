package dev.ingam.issuance;

import dev.ingam.issuance.ledger.Entry;
import dev.ingam.issuance.ledger.Holder;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.keys.ActiveKey;
import dev.ingam.keys.KeysException;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import dev.ingam.wire.TokenWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Makes tokens: reserves a serial, signs, enters serial and digest in the ledger, and only then
/// hands the token out. There is no other way to an [Issued], so no token leaves without its entry.
public final class Issuer {
  /// A token that is entered in the ledger and may leave.
  public static final class Issued {
    private final String token;
    private final long expiresIn;
    private final List<String> scope;

    private Issued(String token, long expiresIn, List<String> scope) {
      this.token = token;
      this.expiresIn = expiresIn;
      this.scope = scope;
    }

    /// The token itself.
    public String token() {
      return token;
    }

    /// Seconds from its making to its end.
    public long expiresIn() {
      return expiresIn;
    }

    /// What it allows.
    public List<String> scope() {
      return scope;
    }

    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  private final String name;
  private final Ledger ledger;
  private final TokenSigner signer;
  private final NodeLease lease;
  private final Clock clock;
  private final TokenWriter writer = new TokenWriter();
  private final LongAdder issued = new LongAdder();

  /// @param name the `iss` of its tokens
  Issuer(String name, Ledger ledger, TokenSigner signer, NodeLease lease, Clock clock) {
    this.name = name;
    this.ledger = ledger;
    this.signer = signer;
    this.lease = lease;
    this.clock = clock;
  }

  /// Issues a token.
  ///
  /// @throws IssuanceException when the ledger cannot take it or this node may not issue
  /// @throws KeysException when no key may sign
  Issued issue(Order order) {
    lease.require();
    var serial = ledger.reserve();
    var entered = false;
    try {
      var token = signAndEnter(order, serial);
      entered = true;
      lease.require();
      issued.increment();
      return token;
    } finally {
      if (!entered) {
        ledger.cancel(serial);
      }
    }
  }

  private Issued signAndEnter(Order order, Serial serial) {
    var key = signer.active();
    try {
      return signAndEnter(order, serial, key);
    } catch (KeysException e) {
      if (e.code() != KeysException.Code.NOT_ACTIVE) {
        throw e;
      }
      return signAndEnter(order, serial, signer.active());
    }
  }

  private Issued signAndEnter(Order order, Serial serial, ActiveKey key) {
    var token = token(order, serial, key);
    var input = writer.signingInput(token);
    var signature = signer.sign(key, input);
    ledger.enter(serial, entry(order, token, input));
    var claims = token.claims();
    return new Issued(
        writer.complete(input, signature), claims.expiresAt() - claims.issuedAt(), claims.scope());
  }

  private AccessToken token(Order order, Serial serial, ActiveKey key) {
    var now = clock.instant();
    var session = order.session();
    return new AccessToken(
        new AccessToken.Header(key.algorithm(), key.kid()),
        new AccessToken.Claims(
            name,
            order.subject(),
            order.audience(),
            order.client().id(),
            now.getEpochSecond(),
            expiry(order, now).getEpochSecond(),
            serial,
            order.scope(),
            session == null ? null : session.sidText()));
  }

  /// A token does not outlive its session.
  private static Instant expiry(Order order, Instant now) {
    var byLifetime = now.plus(order.lifetime());
    var session = order.session();
    return session == null || session.expiresAt().isAfter(byLifetime)
        ? byLifetime
        : session.expiresAt();
  }

  private static Entry entry(Order order, AccessToken token, byte[] input) {
    var session = order.session();
    return new Entry(
        TokenDigest.ofSigningInput(input),
        token.claims().expiresAt(),
        token.header().kid(),
        order.singleUse(),
        new Holder(order.subject(), order.client().id(), session == null ? null : session.sid()),
        token.claims().issuedAt());
  }

  /// Tokens issued since the start.
  long issued() {
    return issued.sum();
  }
}
