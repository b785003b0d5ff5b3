package dev.ingam.server;

import dev.ingam.server.door.InFlight;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// The first step of a stop: nothing new comes in, what is in gets its answer.
final class Drain implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(10);

  private final Connectors connectors;
  private final InFlight inFlight;
  private volatile boolean running;

  Drain(Connectors connectors, InFlight inFlight) {
    this.connectors = connectors;
    this.inFlight = inFlight;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    connectors.stopAccepting();
    var end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (inFlight.count() > 0 && System.nanoTime() < end) {
        Thread.sleep(STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (inFlight.count() > 0) {
      LOG.atWarn().addKeyValue("requests", inFlight.count()).log("Stopping with open requests");
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Before the web server's own stop.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
