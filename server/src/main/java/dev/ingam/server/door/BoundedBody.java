package dev.ingam.server.door;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/// The body of a request, read up to a limit, blocking, and not for ever: one that comes in drops
/// would hold its share of memory for as long as its sender likes. What is left of one that is too
/// long stays unread, for [Linger].
///
/// Owned by the thread that handles the request.
final class BoundedBody implements AutoCloseable {
  private static final int SMALL = 16 << 10;

  private final Request request;
  private final Body kind;
  // What came with the request line, until it is read or released.
  private Content.@Nullable Chunk first;
  private final boolean here;

  private BoundedBody(Request request, Body kind, Content.@Nullable Chunk first) {
    this.request = request;
    this.kind = kind;
    this.first = first;
    here = kind == Body.IGNORED || (first != null && isAll(first, request));
  }

  /// Takes what has arrived, and waits for nothing. A client that asks whether it may send is not
  /// told so before the door has said whether it lets it in.
  static BoundedBody of(Request request, Body kind) {
    boolean unread = kind == Body.IGNORED || request.getHeaders().contains(HttpHeader.EXPECT);
    return new BoundedBody(request, kind, unread ? null : request.read());
  }

  /// Whether all of it has come at once, as small ones do: nothing need be waited for, scheduled or
  /// gathered.
  boolean isHere() {
    return here;
  }

  private static boolean isAll(Content.Chunk first, Request request) {
    if (Content.Chunk.isFailure(first)) {
      return false;
    }
    var length = request.getLength();
    return first.isLast() || (0 <= length && length <= SMALL && first.remaining() == length);
  }

  /// What it takes of the [BodyBudget]; nothing once it is here.
  int units() {
    return here ? 0 : BodyBudget.units(request, kind);
  }

  /// All of it, or null when it is longer than the limit of its door.
  ///
  /// @param patience for all of it
  /// @throws LateException when it does not arrive in that time
  /// @throws IOException when it does not arrive whole
  byte @Nullable [] read(Duration patience) throws IOException {
    var chunk = first;
    first = null;
    if (!here || chunk == null) {
      return inTime(request, chunk, kind.limit(), patience);
    }
    return chunk.remaining() > kind.limit() ? tooLong(chunk) : taken(chunk);
  }

  /// Lets go of what was not read.
  @Override
  public void close() {
    if (first != null) {
      first.release();
      first = null;
    }
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
