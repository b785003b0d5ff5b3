package dev.ingam.issuance.judge;

import dev.ingam.issuance.ledger.Finding;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides whether a token proves that a signing key is out.
///
/// A proof has two halves. The signature is one that only a key of ours can make: checked here,
/// against the access-token keys of this installation in any state, whatever a verifier says and
/// whatever the claims say. And the ledger knows that it never issued this: [Ruling] is the table.
/// Everything else proves nothing. A false proof would replace keys for no reason and, worse, teach
/// people to ignore the alarm; a missed one costs little, because the token is refused in any case.
///
/// Safe to call concurrently; costs one signature check, or some when the header names no key.
public final class Judge {
  private static final Duration SKEW = Duration.ofSeconds(60);

  /// As long as the ledger keeps a book after its last token expired.
  private static final Duration RETENTION = Duration.ofDays(1);

  private static final int MAX_KEYS_TRIED = 32;
  private static final int MAX_OTHERS_TRIED = 8;

  /// The public keys of this installation.
  public interface Keys {
    /// The key of this id in any state, or null.
    @Nullable VerificationKey find(String kid);

    /// All access-token keys.
    Collection<VerificationKey> accessTokenKeys();
  }

  private final Keys keys;
  private final Ledger ledger;
  private final SignatureCheck signatures;
  private final Clock clock;

  public Judge(Keys keys, Ledger ledger, SignatureCheck signatures, Clock clock) {
    this.keys = keys;
    this.ledger = ledger;
    this.signatures = signatures;
    this.clock = clock;
  }

  /// Judges a whole token. Never writes.
  ///
  /// @param crowded others wait: only the key that the token names is tried, one signature check
  ///   and not a few dozen; no verifier accepts what another key signed
  /// @throws dev.ingam.issuance.ledger.IssuanceException when the ledger is away
  public Judgement judge(String token, boolean crowded) {
    var jws = CompactJws.read(token);
    if (jws == null) {
      return Judgement.refused(Reason.MALFORMED);
    }
    var named = named(jws);
    var signer = signer(jws, crowded ? just(named) : candidates(named, jws.signature()));
    if (signer == null) {
      return Judgement.refused(
          named != null && named.algorithm().jose().equals(jws.algorithm())
              ? Reason.BAD_SIGNATURE
              : Reason.UNKNOWN_KEY);
    }
    return judgeSigned(jws, signer);
  }

  private Judgement judgeSigned(CompactJws jws, VerificationKey signer) {
    var claims = jws.claims();
    var jti = claims == null ? null : claims.string("jti");
    var serial = jti == null ? null : Serial.parse(jti);
    var finding = serial == null ? null : ledger.lookup(serial, jws.digest());
    var ruling =
        finding == null
            ? new Ruling(Conclusion.PROOF, Reason.NOT_ISSUED, false)
            : Ruling.of(finding);
    var reason = isExpired(claims, SKEW) ? Reason.EXPIRED : ruling.reason();
    if (ruling.conclusion() == Conclusion.NONE) {
      return new Judgement(reason, null, ruling.unproven() && !isExpired(claims, RETENTION));
    }
    return new Judgement(reason, proof(jws, signer, finding, ruling), false);
  }

  private Proof proof(
      CompactJws jws, VerificationKey signer, @Nullable Finding finding, Ruling ruling) {
    var claims = jws.claims();
    return new Proof(
        signer.kid(),
        clock.instant(),
        finding,
        ruling.reason() == null ? Reason.NOT_ISSUED : ruling.reason(),
        jws.digest(),
        finding == null || claims == null ? null : claims.string("jti"),
        claims == null ? null : claims.string("sub"),
        jws.token());
  }

  private boolean isExpired(@Nullable JsonObject claims, Duration since) {
    var expiry = claims == null ? null : claims.number("exp");
    return expiry != null && expiry < clock.instant().minus(since).getEpochSecond();
  }

  /// The access-token key that the header names, if it names one.
  private @Nullable VerificationKey named(CompactJws jws) {
    var kid = jws.kid();
    var key = kid == null ? null : keys.find(kid);
    return key == null || key.purpose() != KeyPurpose.ACCESS_TOKEN ? null : key;
  }

  private static List<VerificationKey> just(@Nullable VerificationKey named) {
    return named == null ? List.of() : List.of(named);
  }

  /// The named key, then others, those in use first: a forger writes what he likes into the header.
  /// Keys whose signatures look otherwise take nobody's place.
  private List<VerificationKey> candidates(@Nullable VerificationKey named, byte[] signature) {
    var others =
        keys.accessTokenKeys().stream()
            .filter(key -> named == null || !key.kid().equals(named.kid()))
            .filter(key -> SignatureCheck.hasForm(key, signature))
            .sorted(Comparator.comparingInt(key -> rank(key.state())));
    return named == null
        ? others.limit(MAX_KEYS_TRIED).toList()
        : Stream.concat(Stream.of(named), others.limit(MAX_OTHERS_TRIED)).toList();
  }

  private static int rank(KeyState state) {
    return switch (state) {
      case ACTIVE -> 0;
      case PREPARED -> 1;
      case TAINTED -> 2;
      case RETIRING -> 3;
      case REVOKED -> 4;
      case RETIRED -> 5;
      case DESTROYED -> 6;
    };
  }

  private @Nullable VerificationKey signer(CompactJws jws, List<VerificationKey> candidates) {
    var input = jws.signingInput();
    var signature = jws.signature();
    for (var key : candidates) {
      if (signatures.proves(key, input, signature)) {
        return key;
      }
    }
    return null;
  }
}
