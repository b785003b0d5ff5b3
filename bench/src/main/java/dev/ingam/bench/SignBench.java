package dev.ingam.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.util.List;

/// A token issued in process beside the provider's raw signature over as many bytes.
///
/// The way to a signature leads through the token endpoint's handler and no other: so what is
/// measured is more than encode, sign and enter, namely also the form, the client's secret and the
/// rules.
final class SignBench implements Bench {
  private static final double WANTED = 0.80;
  private static final byte[] INPUT = "i".repeat(360).getBytes(StandardCharsets.US_ASCII);

  private final Clock clock;

  SignBench(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String method(Setting setting) {
    return "one thread; handler of the token endpoint in process, key from its store, ledger with"
        + " sync and journal; "
        + setting.inProcess().text();
  }

  @Override
  public void expectTools() {
    // needs nothing but this JVM
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    setting.progress().say("sign: " + method(setting));
    var crypto = Crypto.best();
    var raw = crypto.signer(crypto.newKey().getPrivate());
    try (var issuer = new InProcessIssuer(setting.folder(), crypto, clock)) {
      var rates =
          setting
              .rounds()
              .measure(
                  operations -> issue(issuer, operations), operations -> sign(raw, operations));
      return List.of(
          Figure.plain("sign.rate", "tokens/s", rates.oursMedian(), rates.spread())
              .against("raw ES256 signature", rates.limitMedian())
              .toReach(new Target.ShareOfLimit(WANTED)));
    }
  }

  private static long issue(InProcessIssuer issuer, int operations) {
    var length = 0L;
    for (int i = 0; i < operations; i++) {
      length += issuer.issue();
    }
    return length;
  }

  private static long sign(Signature raw, int operations) throws GeneralSecurityException {
    var bytes = 0L;
    for (int i = 0; i < operations; i++) {
      raw.update(INPUT);
      bytes += raw.sign()[0];
    }
    return bytes;
  }
}
