package dev.ingam.bench;

import dev.ingam.keys.Installation;
import dev.ingam.keys.SigningStore;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.pkcs11.HsmPlaces;
import dev.ingam.keys.pkcs11.Libraries;
import dev.ingam.keys.pkcs11.PartitionConfig;
import dev.ingam.testkit.SoftHsm;
import dev.ingam.wire.Algorithm;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/// A signature of the store in an HSM beside the bare calls to the same token, SoftHSM2.
final class HsmBench implements Bench {
  private static final double WANTED = 0.85;
  private static final String TOKEN = "bench";
  private static final byte[] INPUT = "i".repeat(360).getBytes(StandardCharsets.US_ASCII);

  private final Clock clock;

  HsmBench(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String method(Setting setting) {
    return "one thread; ES256 by a key in SoftHSM2, with finding a session, hashing and the lock that"
        + " restarts of the library need; beside C_SignInit and C_Sign on one session; "
        + setting.inProcess().text();
  }

  @Override
  public void expectTools() {
    try {
      SoftHsm.library();
    } catch (IllegalStateException e) {
      throw new BenchException(e.getMessage() + "; apt-get install softhsm2");
    }
  }

  @Override
  public List<Figure> run(Setting setting) throws Exception {
    setting.progress().say("hsm: " + method(setting));
    var hsm = SoftHsm.in(setting.folder().resolve("hsm")).token(TOKEN).here();
    var partition =
        new PartitionConfig(
            SoftHsm.library(), TOKEN, hsm.pinFile(), PartitionConfig.DEFAULT_SESSIONS);
    try (var installation =
            Installation.open(
                setting.folder().resolve("data"), setting.folder().resolve("secrets"), clock);
        var libraries = new Libraries()) {
      var places =
          HsmPlaces.of(
              installation,
              List.of(partition),
              libraries,
              new PosixFiles(),
              new SecureRandom(),
              System::nanoTime);
      var store = places.getFirst().create("domain-1");
      var key = store.generate(Algorithm.ES256).handle();
      try (var signer = store.open(key);
          var bare = new BareToken(SoftHsm.library())) {
        return figures(setting, signer, bare);
      }
    }
  }

  private static List<Figure> figures(Setting setting, SigningStore.Signer signer, BareToken bare)
      throws Exception {
    var rates =
        setting
            .rounds()
            .measure(operations -> ours(signer, operations), operations -> limit(bare, operations));
    return List.of(
        Figure.plain("hsm.rate", "signatures/s", rates.oursMedian(), rates.spread())
            .against("bare calls to the token", rates.limitMedian())
            .toReach(new Target.ShareOfLimit(WANTED)));
  }

  private static long ours(SigningStore.Signer signer, int operations) {
    var bytes = 0L;
    for (int i = 0; i < operations; i++) {
      bytes += signer.sign(INPUT)[0];
    }
    return bytes;
  }

  private static long limit(BareToken bare, int operations) {
    var bytes = 0L;
    for (int i = 0; i < operations; i++) {
      bytes += bare.sign();
    }
    return bytes;
  }
}
