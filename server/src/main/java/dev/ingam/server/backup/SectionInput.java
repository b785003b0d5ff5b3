package dev.ingam.server.backup;

import dev.ingam.keys.archive.ArchiveException;
import dev.ingam.keys.archive.ArchiveException.Reason;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads the parts of an archive. What cannot be read was not written by us, although the key is
/// right: [ArchiveException] DAMAGED.
final class SectionInput {
  private final DataInputStream in;

  SectionInput(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /// The next part; null behind the last. The content of the one before was read.
  @Nullable Section next() throws IOException {
    try {
      var name = in.readUTF();
      if (!name.isEmpty()) {
        return Section.of(name);
      }
      if (in.read() >= 0) {
        throw strange();
      }
      return null;
    } catch (EOFException | IllegalArgumentException e) {
      throw strange();
    }
  }

  /// The content of the part that was named last; to be read to its end.
  InputStream content() {
    return new Pieces();
  }

  static ArchiveException strange() {
    return new ArchiveException(
        Reason.DAMAGED, "expected the parts of a backup, came something else; use another copy");
  }

  private final class Pieces extends InputStream {
    private int left;
    private boolean ended;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte @Nullable [] into, int offset, int length) throws IOException {
      if (into == null || length == 0) {
        return 0;
      }
      if (left == 0 && !begin()) {
        return -1;
      }
      int count = in.read(into, offset, Math.min(length, left));
      if (count < 0) {
        throw strange();
      }
      left -= count;
      return count;
    }

    private boolean begin() throws IOException {
      if (ended) {
        return false;
      }
      try {
        left = in.readInt();
      } catch (EOFException e) {
        throw strange();
      }
      if (left < 0) {
        throw strange();
      }
      ended = left == 0;
      return !ended;
    }
  }
}
