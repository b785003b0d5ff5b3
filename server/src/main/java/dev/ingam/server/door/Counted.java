package dev.ingam.server.door;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Does for another handler what the doors do for themselves: a stop waits for what it has in hand,
/// and an answer that came before the body is not lost.
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
      return super.handle(request, response, new Linger(request, callback));
    } finally {
      inFlight.leave();
    }
  }
}
