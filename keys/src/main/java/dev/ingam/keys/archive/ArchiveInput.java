package dev.ingam.keys.archive;

import dev.ingam.keys.archive.ArchiveException.Reason;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/// Reads what an archive holds. Every byte that it gives is one that was written there, in its
/// place; that nothing is missing is known only when it has been read to its end, so whoever acts
/// on what he reads reads all of it first. Holds two chunks in memory. Used by one thread.
public final class ArchiveInput extends InputStream {
  private final DataInputStream in;
  private final ArchiveHeader header;
  private final Chunks chunks;
  private byte[] plain = {};
  private int at;
  private int nextLength;

  private ArchiveInput(DataInputStream in, ArchiveHeader header, Chunks chunks, int firstLength) {
    this.in = in;
    this.header = header;
    this.chunks = chunks;
    this.nextLength = firstLength;
  }

  /// Reads only what an archive says in clear: nobody vouches for it.
  ///
  /// @throws ArchiveException NOT_AN_ARCHIVE, NEWER_FORMAT, TRUNCATED, DAMAGED
  public static ArchiveHeader header(InputStream in) throws IOException {
    return ArchiveHeader.read(new DataInputStream(in));
  }

  /// Opens an archive.
  ///
  /// @throws ArchiveException with each of its reasons, here or at any read
  public static ArchiveInput open(InputStream in, BackupKey key) throws IOException {
    var data = new DataInputStream(in);
    var header = ArchiveHeader.read(data);
    if (!key.id().equals(header.keyId())) {
      throw new ArchiveException(
          Reason.WRONG_KEY,
          "expected backup key "
              + header.keyId()
              + ", which made this archive, came "
              + key.id()
              + "; name its file with --key");
    }
    try {
      return new ArchiveInput(data, header, new Chunks(key.of(header)), length(data));
    } catch (GeneralSecurityException e) {
      throw new IOException("expected HKDF-SHA256 of the JDK; it failed", e);
    }
  }

  public ArchiveHeader header() {
    return header;
  }

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
    while (at == plain.length) {
      if (nextLength == 0) {
        return -1;
      }
      open();
    }
    int part = Math.min(length, plain.length - at);
    System.arraycopy(plain, at, into, offset, part);
    at += part;
    return part;
  }

  private void open() throws IOException {
    var sealed = new byte[nextLength];
    try {
      in.readFully(sealed);
    } catch (EOFException e) {
      throw truncated();
    }
    nextLength = length(in);
    boolean last = nextLength == 0;
    if (last) {
      requireEnd();
    }
    try {
      plain = chunks.next(Cipher.DECRYPT_MODE, sealed, sealed.length, last);
      at = 0;
    } catch (GeneralSecurityException e) {
      throw damaged();
    }
  }

  private void requireEnd() throws IOException {
    var end = in.readNBytes(Chunks.END.length + 1);
    if (end.length < Chunks.END.length) {
      throw truncated();
    }
    if (!MessageDigest.isEqual(end, Chunks.END)) {
      throw damaged();
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length;
    try {
      length = in.readInt();
    } catch (EOFException e) {
      throw truncated();
    }
    boolean fits = length >= Chunks.TAG && length <= Chunks.PLAIN + Chunks.TAG;
    if (length != 0 && !fits) {
      throw damaged();
    }
    return length;
  }

  static ArchiveException truncated() {
    return new ArchiveException(
        Reason.TRUNCATED, "expected a whole archive, it is cut off; use another copy");
  }

  private static ArchiveException damaged() {
    return new ArchiveException(
        Reason.DAMAGED, "expected an archive as it was made, it was changed; use another copy");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
