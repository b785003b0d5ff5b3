package dev.ingam.bench;

import dev.ingam.verifier.Examination;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.TokenWriter;
import dev.ingam.wire.VerificationKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.List;

/// A token examined in process (parsed, claims checked, signature checked) beside the provider's
/// raw verification of the same signatures. The ledger is another bench's.
final class VerifyBench implements Bench {
  private static final double WANTED = 0.88;
  private static final int TOKENS = 1024;
  private static final long LIFETIME_SECONDS = 900;
  private static final String ISSUER = "https://id.shop.example";
  private static final String AUDIENCE = "https://orders.shop.example";

  private final Clock clock;

  VerifyBench(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String method(Setting setting) {
    return "one thread, " + TOKENS + " tokens in turn; " + setting.inProcess().text();
  }

  @Override
  public void expectTools() {
    // needs nothing but this JVM
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    setting.progress().say("verify: " + method(setting));
    var crypto = Crypto.best();
    var pair = crypto.newKey();
    var signed = Signed.make(crypto, pair, clock.instant().getEpochSecond());
    var verifier = verifier(crypto, pair.getPublic());
    var expected = new Expectation(ISSUER, AUDIENCE, false, false);
    var raw = crypto.verifier(pair.getPublic());
    var rates =
        setting
            .rounds()
            .measure(
                operations -> examine(verifier, expected, signed, operations),
                operations -> verify(raw, signed, operations));
    return List.of(
        Figure.plain("verify.rate", "tokens/s", rates.oursMedian(), rates.spread())
            .against("raw ES256 verification", rates.limitMedian())
            .toReach(new Target.ShareOfLimit(WANTED)));
  }

  private Verifier verifier(Crypto crypto, PublicKey key) {
    var known = verificationKey(key);
    return Verifier.builder(kid -> kid.equals(known.kid()) ? known : null, new NoLedger(), clock)
        .signatureCheck(new SignatureCheck(crypto.chosen()))
        .build();
  }

  private static VerificationKey verificationKey(PublicKey key) {
    return new VerificationKey(
        VerificationKey.thumbprint(key),
        Algorithm.ES256,
        key,
        KeyPurpose.ACCESS_TOKEN,
        KeyState.ACTIVE);
  }

  private static long examine(
      Verifier verifier, Expectation expected, Signed signed, int operations) {
    var good = 0;
    for (int i = 0; i < operations; i++) {
      if (verifier.examine(signed.tokens[signed.next()], expected) instanceof Examination.Passed) {
        good++;
      }
    }
    return all(good, operations);
  }

  private static long verify(Signature raw, Signed signed, int operations)
      throws GeneralSecurityException {
    var good = 0;
    for (int i = 0; i < operations; i++) {
      var at = signed.next();
      raw.update(signed.inputs[at]);
      if (raw.verify(signed.signatures[at])) {
        good++;
      }
    }
    return all(good, operations);
  }

  private static long all(int good, int operations) {
    if (good != operations) {
      throw new BenchException("Verified " + good + " of " + operations + " good tokens");
    }
    return good;
  }

  /// The same tokens in both forms.
  private static final class Signed {
    private final String[] tokens = new String[TOKENS];
    private final byte[][] inputs = new byte[TOKENS][];
    private final byte[][] signatures = new byte[TOKENS][];
    private int last;

    static Signed make(Crypto crypto, KeyPair pair, long now) throws GeneralSecurityException {
      var signed = new Signed();
      var writer = new TokenWriter();
      var signer = crypto.signer(pair.getPrivate());
      var header =
          new AccessToken.Header(Algorithm.ES256, VerificationKey.thumbprint(pair.getPublic()));
      for (int i = 0; i < TOKENS; i++) {
        var input = writer.signingInput(new AccessToken(header, claims(i, now)));
        signer.update(input);
        signed.inputs[i] = input;
        signed.signatures[i] = signer.sign();
        signed.tokens[i] = writer.complete(input, signed.signatures[i]);
      }
      return signed;
    }

    private static AccessToken.Claims claims(int i, long now) {
      return new AccessToken.Claims(
          ISSUER,
          "member-" + (1_000_000 + i),
          AUDIENCE,
          "shop-web",
          now,
          now + LIFETIME_SECONDS,
          new Serial(i, i, i * 0x9E37_79B9_7F4A_7C15L),
          List.of("orders:read"),
          null);
    }

    int next() {
      return ++last & (TOKENS - 1);
    }
  }

  /// Never asked by an examination.
  private static final class NoLedger implements LedgerClient {
    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), Reason.LEDGER_UNAVAILABLE);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), Reason.LEDGER_UNAVAILABLE);
    }

    @Override
    public void report(String token) {
      throw new BenchException("A good token was reported");
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
