package dev.ingam.server.door;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Handles requests on virtual threads, one each: those that may wait, for a database, a disk or
/// their sender. However many of them wait, the threads of the doors that wait for nothing stay
/// free.
public final class Apart extends Handler.Wrapper {
  /// What is done with a request; it completes the callback.
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  public Apart(Handler handler) {
    super(handler);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    run(
        request,
        response,
        callback,
        () -> {
          if (!super.handle(request, response, callback)) {
            Response.writeError(request, response, callback, 404);
          }
        });
    return true;
  }

  /// Work that throws is answered as Jetty answers a handler that throws.
  static void run(Request request, Response response, Callback callback, Work work) {
    Thread.ofVirtual()
        .name("apart")
        .start(() -> {
          try {
            work.run();
          } catch (Exception e) {
            Response.writeError(request, response, callback, e);
          }
        });
  }
}
