package dev.ingam.server.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Lets so many bytes a second pass, so that a backup leaves processor, disk and network to the
/// tokens. Used by one thread.
final class PacedOutput extends FilterOutputStream {
  private final long bytesPerSecond;
  private final LongSupplier nanos;
  private final long begun;
  private long written;

  /// @param nanos a monotonic clock
  PacedOutput(OutputStream out, long bytesPerSecond, LongSupplier nanos) {
    super(out);
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    written++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    written += length;
    long due = begun + (long) ((double) written / bytesPerSecond * 1e9);
    for (long early = due - nanos.getAsLong(); early > 0; early = due - nanos.getAsLong()) {
      LockSupport.parkNanos(this, early);
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("the backup was interrupted");
      }
    }
  }
}
