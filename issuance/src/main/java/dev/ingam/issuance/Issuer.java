package dev.ingam.issuance;

import dev.ingam.issuance.ledger.Entry;
import dev.ingam.issuance.ledger.Holder;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.keys.ActiveKey;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.row.Recall;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import dev.ingam.wire.TokenWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Makes tokens: reserves a serial, signs, enters serial and digest in the ledger, and only then
/// hands the token out. There is no other way to an [Issued], so no token leaves without its entry.
public final class Issuer {
  /// A token that is entered in the ledger and may leave.
  public static final class Issued {
    private final String token;
    private final AccessToken.Claims claims;

    private Issued(String token, AccessToken.Claims claims) {
      this.token = token;
      this.claims = claims;
    }

    /// The token itself.
    public String token() {
      return token;
    }

    /// Seconds from its making to its end.
    public long expiresIn() {
      return claims.expiresAt() - claims.issuedAt();
    }

    /// What it allows.
    public List<String> scope() {
      return claims.scope();
    }

    /// How it is presented: `DPoP` or `Bearer`.
    public String type() {
      return claims.tokenType();
    }

    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  /// What must hold when a token leaves: this node may issue, and the person is logged in.
  record Leave(NodeLease lease, Recall recall, Sessions sessions) {
    /// @throws IssuanceException when this node may not issue now
    void require() {
      lease.require();
      if (recall.isBehind()) {
        throw new IssuanceException(
            IssuanceException.Kind.DATABASE_BEHIND,
            "expected the newest database, it is older than what this node remembers; ingam recover");
      }
    }

    boolean isFor(Order order) {
      return order.session() == null || sessions.isStillLive(order.session());
    }
  }

  private final String name;
  private final Ledger ledger;
  private final AudienceSigner signer;
  private final Leave leave;
  private final Clock clock;
  private final TokenWriter writer = new TokenWriter();
  private final LongAdder issued = new LongAdder();

  /// @param name the `iss` of its tokens
  Issuer(String name, Ledger ledger, AudienceSigner signer, Leave leave, Clock clock) {
    this.name = name;
    this.ledger = ledger;
    this.signer = signer;
    this.leave = leave;
    this.clock = clock;
  }

  /// Issues a token; empty when the session it is for is over, also when that ended while the token
  /// was made: then it is entered and never leaves.
  ///
  /// @throws IssuanceException when the ledger cannot take it or this node may not issue
  /// @throws KeysException when no key may sign
  Optional<Issued> issue(Order order) {
    leave.require();
    var times = times(order);
    if (times.expiresAt() <= times.issuedAt()) {
      return Optional.empty();
    }
    var token = signAndEnter(order, times);
    leave.require();
    if (!leave.isFor(order)) {
      return Optional.empty();
    }
    issued.increment();
    return Optional.of(token);
  }

  private Issued signAndEnter(Order order, Times times) {
    var serial = ledger.reserve();
    try {
      return signAndEnter(order, times, serial);
    } catch (RuntimeException | Error e) {
      cancel(serial, e);
      throw e;
    }
  }

  /// A slot that cannot be given up is voided by the ledger later; what went wrong before counts.
  private void cancel(Serial serial, Throwable cause) {
    try {
      ledger.cancel(serial);
    } catch (IssuanceException | IllegalStateException e) {
      cause.addSuppressed(e);
    }
  }

  private Issued signAndEnter(Order order, Times times, Serial serial) {
    var key = signer.activeFor(order.audience());
    try {
      return signAndEnter(order, token(order, times, serial, key), key);
    } catch (KeysException e) {
      if (e.code() != KeysException.Code.NOT_ACTIVE) {
        throw e;
      }
      var next = signer.activeFor(order.audience());
      return signAndEnter(order, token(order, times, serial, next), next);
    }
  }

  private Issued signAndEnter(Order order, AccessToken token, ActiveKey key) {
    var input = writer.signingInput(token);
    var signature = signer.sign(key, input);
    enter(token.claims().serial(), entry(order, token, input));
    return new Issued(writer.complete(input, signature), token.claims());
  }

  private void enter(Serial serial, Entry entry) {
    try {
      ledger.enter(serial, entry);
    } catch (IllegalStateException e) {
      throw new IssuanceException(
          IssuanceException.Kind.LEDGER_UNAVAILABLE,
          "expected the slot to be reserved still, it was voided: signing took too long; try again",
          e);
    }
  }

  private AccessToken token(Order order, Times times, Serial serial, ActiveKey key) {
    var session = order.session();
    return new AccessToken(
        new AccessToken.Header(key.algorithm(), key.kid()),
        new AccessToken.Claims(
            name,
            order.subject(),
            order.audience(),
            order.client().id(),
            times.issuedAt(),
            times.expiresAt(),
            serial,
            order.scope(),
            session == null ? null : session.sidText(),
            order.confirmation()));
  }

  /// In seconds, as in the token.
  private record Times(long issuedAt, long expiresAt) {}

  /// A token does not outlive its session.
  private Times times(Order order) {
    var now = clock.instant();
    var byLifetime = now.plus(order.lifetime());
    var session = order.session();
    var expiry =
        session == null || session.expiresAt().isAfter(byLifetime)
            ? byLifetime
            : session.expiresAt();
    return new Times(now.getEpochSecond(), expiry.getEpochSecond());
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
