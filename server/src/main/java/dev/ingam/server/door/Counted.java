package dev.ingam.server.door;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Counts what another handler has in hand, so that a stop waits for it as for the doors.
public final class Counted extends Handler.Wrapper {
  private final InFlight inFlight;

  public Counted(Handler handler, InFlight inFlight) {
    super(handler);
    this.inFlight = inFlight;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    inFlight.enter();
    try {
      return super.handle(request, response, callback);
    } finally {
      inFlight.leave();
    }
  }
}
