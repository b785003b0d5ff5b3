package dev.ingam.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a DPoP proof shows that who sent a request holds a key ([RFC 9449 section
/// 4.3](https://www.rfc-editor.org/rfc/rfc9449#section-4.3)). One home for the token endpoint, the
/// gate and verifiers. Safe to call concurrently.
///
/// How fresh a proof is, its nonce tells; the clock of who made it then does not matter. Without
/// nonces its `iat` must be within a minute of now. It is good once, and remembered for as long as
/// it could be presented. What costs little is looked at first, and remembered is only what is good
/// otherwise.
public final class DpopCheck {
  /// By how much `iat` may differ from now where no nonces are asked for.
  static final Duration WINDOW = Duration.ofSeconds(60);

  private final SignatureCheck signatures;
  private final ReplayStore replays;
  private final @Nullable DpopNonces nonces;
  private final Clock clock;

  /// @param signatures of its own: proofs have many keys, each used for a short time
  /// @param nonces to be in each proof; null to ask for none
  public DpopCheck(
      SignatureCheck signatures, ReplayStore replays, @Nullable DpopNonces nonces, Clock clock) {
    this.signatures = signatures;
    this.replays = replays;
    this.nonces = nonces;
    this.clock = clock;
  }

  /// The request that a proof came with.
  ///
  /// @param uris where it may have gone; none when nobody knows, and no proof is good then
  /// @param holder for whom the proof is remembered: a client
  /// @param bound what it must show; null where a token is still to be bound
  public record Request(String method, Set<TargetUri> uris, String holder, @Nullable Bound bound) {
    public Request {
      uris = Set.copyOf(uris);
    }
  }

  /// A token with the thumbprint of the key that it is bound to.
  public record Bound(String token, String thumbprint) {
    @Override
    public String toString() {
      return "Bound[" + thumbprint + "]";
    }
  }

  /// What came of it.
  ///
  /// @param thumbprint of the key that was shown; null when none was
  /// @param problem what was expected; null when all is well
  /// @param nonce to be put into the next proof; not null when this one lacked a good one and
  ///   nothing else was wrong so far
  /// @param doubt it may be good, and nobody can tell now: no fault of the sender's
  public record Result(
      @Nullable String thumbprint,
      @Nullable String problem,
      @Nullable String nonce,
      boolean doubt) {
    private static Result bad(String problem) {
      return new Result(null, problem, null, false);
    }

    private static Result doubt(String problem) {
      return new Result(null, problem, null, true);
    }
  }

  /// A nonce for the next proof; null where none is asked for.
  public @Nullable String nonce() {
    return nonces == null ? null : nonces.current();
  }

  public Result check(String text, Request request) {
    var reading = DpopProof.read(text);
    var proof = reading.proof();
    if (proof == null) {
      return Result.bad(reading.problem() + "");
    }
    var problem = problem(proof, request);
    if (problem != null) {
      return Result.bad(problem);
    }
    var deadFrom = deadFrom(proof.claims());
    if (deadFrom == null) {
      return nonces == null
          ? Result.bad("expected iat within a minute of now; see that the clocks are right")
          : new Result(null, "expected in nonce what DPoP-Nonce says", nonces.current(), false);
    }
    if (!signatures.verify(proof.key(), proof.jws().signingInput(), proof.jws().signature())) {
      return Result.bad("expected a signature of the key in jwk");
    }
    return firstUse(proof, request.holder(), deadFrom);
  }

  /// What the proof says of request and token.
  private static @Nullable String problem(DpopProof proof, Request request) {
    var claims = proof.claims();
    var bound = request.bound();
    if (bound != null && !same(bound.thumbprint(), proof.key().kid())) {
      return "expected a proof of the key that the token is bound to";
    }
    if (!request.method().equals(claims.method())) {
      return "expected htm " + request.method();
    }
    if (request.uris().isEmpty()) {
      return "expected to know the public address of this resource, to compare htu with; none is"
          + " configured";
    }
    var uri = TargetUri.of(claims.uri());
    if (uri == null || !request.uris().contains(uri)) {
      return "expected htu to be the URI of the request, without query and fragment";
    }
    var hash = claims.tokenHash();
    return bound != null && (hash == null || !same(hash, hash(bound.token())))
        ? "expected in ath the SHA-256 of the token"
        : null;
  }

  /// Until when the proof could be presented; null when it cannot be now.
  private @Nullable Instant deadFrom(DpopProof.Claims claims) {
    if (nonces != null) {
      return claims.nonce() == null ? null : nonces.deadFrom(claims.nonce());
    }
    var now = clock.instant().getEpochSecond();
    return claims.issuedAt() < now - WINDOW.toSeconds()
            || claims.issuedAt() > now + WINDOW.toSeconds()
        ? null
        : Instant.ofEpochSecond(claims.issuedAt()).plus(WINDOW).plusSeconds(1);
  }

  private Result firstUse(DpopProof proof, String holder, Instant deadFrom) {
    var name = proof.key().kid() + proof.claims().id();
    return switch (replays.remember(holder, name, deadFrom, clock.instant())) {
      case FIRST_USE -> new Result(proof.key().kid(), null, null, false);
      case REPLAYED -> Result.bad("expected a new jti; this one was used");
      case FULL -> Result.doubt("expected fewer proofs of this client; try again in a minute");
      case FORGOTTEN -> Result.doubt("expected a clock that goes on; the server's was put back");
    };
  }

  private static String hash(String token) {
    return Base64Url.encode(
        TokenDigest.sha256().digest(token.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
