package dev.ingam.drill;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/// The soak: the real server under mixed load while it, its database and its clock are troubled.
/// Closing it stops everything and deletes the folder, if that is a temporary one.
final class Soak implements AutoCloseable {
  private final SoakOptions options;
  private final Jvm jvm;
  private final Consumer<String> progress;
  private final SecureRandom random = new SecureRandom();
  private final Opened opened = new Opened("soak");

  /// Starts nothing yet.
  Soak(SoakOptions options, Jvm jvm, Consumer<String> progress) {
    this.options = options;
    this.jvm = jvm;
    this.progress = progress;
  }

  SoakResult play() {
    var seed = options.seed();
    var clock = new SteppedClock(Clock.systemUTC());
    var folder = opened.add(() -> WorkFolder.make(options.workFolder()));
    var setup = new Setup(folder, random);
    var config = setup.serverConfig();
    var host = opened.add(() -> new SoakHost(folder, jvm, config, clock));
    progress.accept("The server starts ...");
    var server = host.start();
    setup.tell(server);
    var secret = SoakClient.introduce(server);
    var client = new SoakClient(setup.shop(server, 1), secret, clock, random);
    var troubles = new SoakTroubles(host, seed, () -> SoakLoad.isServed(client, clock), progress);
    var tally = new SoakTally();
    progress.accept("Load and troubles begin, seed " + seed + " ...");
    var from = System.nanoTime();
    var load = opened.add(() -> new SoakLoad(client, tally, troubles, clock, seed));
    troubles.run(Duration.ofMinutes(options.minutes()));
    load.close();
    var seconds = Duration.ofNanos(System.nanoTime() - from).toSeconds();
    return new SoakResult(seed, seconds, tally.counts(), troubles.befallen(), falseProofs(host));
  }

  /// Keys held to be stolen, as a server says that has just read what is kept.
  private static int falseProofs(SoakHost host) {
    host.stopServer();
    return host.start().get("/admin/proofs").objects("proofs").size();
  }

  @Override
  public void close() {
    opened.close();
  }
}
