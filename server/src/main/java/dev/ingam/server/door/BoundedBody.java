package dev.ingam.server.door;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/// Reads a body up to a limit, blocking, and not for ever: one that comes in drops would hold its
/// share of memory for as long as its sender likes. What is left of one that is too long stays
/// unread, for [Linger].
final class BoundedBody {
  private static final int SMALL = 16 << 10;

  private BoundedBody() {}

  /// The body, or null when it is longer than the limit.
  ///
  /// @param patience for all of it
  /// @throws LateException when it does not arrive in that time
  /// @throws IOException when it does not arrive whole
  static byte @Nullable [] read(Request request, int limit, Duration patience) throws IOException {
    var first = request.read();
    if (first != null && !Content.Chunk.isFailure(first) && isAll(first, request)) {
      return first.remaining() > limit ? tooLong(first) : taken(first);
    }
    return inTime(request, first, limit, patience);
  }

  /// Whether it is one that came at once, as small ones do: nothing need be scheduled or gathered.
  private static boolean isAll(Content.Chunk first, Request request) {
    var length = request.getLength();
    return first.isLast() || (0 <= length && length <= SMALL && first.remaining() == length);
  }

  private static byte[] taken(Content.Chunk chunk) {
    var bytes = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(bytes);
    chunk.release();
    return bytes;
  }

  private static byte @Nullable [] tooLong(Content.Chunk chunk) {
    chunk.release();
    return null;
  }

  private static byte @Nullable [] inTime(
      Request request, Content.@Nullable Chunk first, int limit, Duration patience)
      throws IOException {
    var late = new AtomicBoolean();
    Runnable giveUp =
        () -> {
          late.set(true);
          request.fail(new TimeoutException("the body came too slowly"));
        };
    var scheduler = request.getComponents().getScheduler();
    var end = scheduler.schedule(giveUp, patience.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return gathered(request, first, limit);
    } catch (IOException e) {
      throw late.get() ? new LateException(e) : e;
    } finally {
      end.cancel();
    }
  }

  private static byte @Nullable [] gathered(
      Request request, Content.@Nullable Chunk first, int limit) throws IOException {
    var body = new ByteArrayOutputStream();
    var chunk = first == null ? next(request) : first;
    while (true) {
      if (Content.Chunk.isFailure(chunk)) {
        throw new IOException("the body broke off", chunk.getFailure());
      }
      if (body.size() + chunk.remaining() > limit) {
        return tooLong(chunk);
      }
      boolean last = chunk.isLast();
      body.writeBytes(taken(chunk));
      if (last) {
        return body.toByteArray();
      }
      chunk = next(request);
    }
  }

  private static Content.Chunk next(Request request) throws IOException {
    while (true) {
      var chunk = request.read();
      if (chunk != null) {
        return chunk;
      }
      try (var arrived = Blocker.runnable()) {
        request.demand(arrived);
        arrived.block();
      }
    }
  }

  /// The body took longer than anybody waits.
  static final class LateException extends IOException {
    private static final long serialVersionUID = 1L;

    LateException(IOException cause) {
      super("expected the whole body in time", cause);
    }
  }
}
