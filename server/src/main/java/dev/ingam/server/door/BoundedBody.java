package dev.ingam.server.door;

import java.io.EOFException;
import java.io.IOException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Reads a body up to a limit, blocking.
final class BoundedBody {
  private static final int SMALL = 16 << 10;

  private BoundedBody() {}

  /// The body, or null when it is longer than the limit.
  ///
  /// @throws IOException when it does not arrive whole
  static byte @Nullable [] read(Request request, int limit) throws IOException {
    var length = request.getLength();
    return 0 <= length && length <= Math.min(SMALL, limit)
        ? ofLength(request, (int) length)
        : upTo(request, limit);
  }

  /// A small body whose length was said: read into its place, without a buffer between.
  private static byte[] ofLength(Request request, int length) throws IOException {
    var body = new byte[length];
    try (var stream = Content.Source.asInputStream(request)) {
      if (stream.readNBytes(body, 0, length) < length) {
        throw new EOFException("the body ended early");
      }
    }
    return body;
  }

  private static byte @Nullable [] upTo(Request request, int limit) throws IOException {
    var chunk = request.read();
    if (chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk)) {
      try {
        return whole(chunk, limit);
      } finally {
        chunk.release();
      }
    }
    try (var stream = Content.Source.asInputStream(new Pushed(chunk, request))) {
      var body = stream.readNBytes(limit + 1);
      return body.length > limit ? null : body;
    }
  }

  private static byte @Nullable [] whole(Content.Chunk chunk, int limit) {
    if (chunk.remaining() > limit) {
      return null;
    }
    var body = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(body);
    return body;
  }

  /// The rest of a body with a chunk of it put back in front.
  private static final class Pushed implements Content.Source {
    private Content.@Nullable Chunk first;
    private final Content.Source rest;

    Pushed(Content.@Nullable Chunk first, Content.Source rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public Content.@Nullable Chunk read() {
      var chunk = first;
      if (chunk == null) {
        return rest.read();
      }
      first = null;
      return chunk;
    }

    @Override
    public void demand(Runnable available) {
      rest.demand(available);
    }

    @Override
    public void fail(Throwable failure) {
      rest.fail(failure);
    }
  }
}
