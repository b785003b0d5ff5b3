package dev.ingam.server.door;

import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/// Reads on for a while after an answer that came before the body had, and completes the request
/// then. A connection that is closed with bytes unread is reset, and a reset can overtake the
/// answer: the client would see a broken connection instead of what was wrong ([RFC 9112 section
/// 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)). No thread waits for those bytes; who
/// falls silent is ended by the idle timeout.
final class Linger implements Callback {
  private static final long PATIENCE = Duration.ofSeconds(5).toNanos();
  private static final int ENOUGH = 4 << 20;

  private final Request request;
  private final Callback callback;
  private long end;
  private int left = ENOUGH;

  Linger(Request request, Callback callback) {
    this.request = request;
    this.callback = callback;
  }

  /// The answer was written.
  @Override
  public void succeeded() {
    end = System.nanoTime() + PATIENCE;
    readOn();
  }

  @Override
  public void failed(Throwable failure) {
    callback.failed(failure);
  }

  private void readOn() {
    while (left > 0 && System.nanoTime() - end < 0) {
      var chunk = request.read();
      if (chunk == null) {
        request.demand(this::readOn);
        return;
      }
      left -= chunk.remaining();
      chunk.release();
      if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
        break;
      }
    }
    callback.succeeded();
  }
}
