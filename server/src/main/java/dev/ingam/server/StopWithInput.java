package dev.ingam.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops a server that belongs to the process that started it (a demo, a test) when its standard
/// input ends: whatever killed that process, no server stays behind. Asked for by the system
/// property `ingam.stop-with-input`, and by nothing that an operator would set by accident.
final class StopWithInput {
  private static final Logger LOG = LoggerFactory.getLogger(StopWithInput.class);

  private final InputStream input;
  private final Runnable stop;

  StopWithInput(InputStream input, Runnable stop) {
    this.input = input;
    this.stop = stop;
  }

  /// Watches on a thread of its own, from before the server is ready.
  void begin() {
    Thread.ofPlatform().daemon().name("stop-with-input").start(this::watch);
  }

  private void watch() {
    try {
      input.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("why", e.getMessage()).log("standard input broke");
    }
    LOG.atInfo().log("The process that started this server is gone; stopping");
    stop.run();
  }
}
