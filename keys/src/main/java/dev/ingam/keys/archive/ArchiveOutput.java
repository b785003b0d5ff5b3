package dev.ingam.keys.archive;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import javax.crypto.Cipher;

/// Writes an archive. It is one only after [#finish()]: what is closed before is read as cut off.
/// Holds one chunk in memory. Used by one thread.
public final class ArchiveOutput extends OutputStream {
  private final DataOutputStream out;
  private final Chunks chunks;
  private final byte[] buffer = new byte[Chunks.PLAIN];
  private int filled;
  private boolean finished;

  /// Begins an archive of an installation.
  public static ArchiveOutput begin(
      OutputStream out, Origin origin, BackupKey key, SecureRandom random) throws IOException {
    var salt = new byte[ArchiveHeader.SALT_BYTES];
    random.nextBytes(salt);
    var header =
        new ArchiveHeader(origin.installation(), origin.epoch(), origin.created(), key.id(), salt);
    var data = new DataOutputStream(out);
    data.write(ArchiveHeader.MAGIC);
    var bytes = header.bytes();
    data.writeInt(bytes.length);
    data.write(bytes);
    try {
      return new ArchiveOutput(data, new Chunks(key.of(header)));
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  /// What an archive is of.
  public record Origin(String installation, int epoch, Instant created) {}

  private ArchiveOutput(DataOutputStream out, Chunks chunks) {
    this.out = out;
    this.chunks = chunks;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  /// A full buffer is kept until more comes: only then it is known not to be the last chunk.
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (filled == buffer.length) {
        seal(false);
      }
      int part = Math.min(end - at, buffer.length - filled);
      System.arraycopy(bytes, at, buffer, filled, part);
      filled += part;
      at += part;
    }
  }

  /// Writes the last chunk and the end.
  public void finish() throws IOException {
    if (!finished) {
      seal(true);
      out.writeInt(0);
      out.write(Chunks.END);
      out.flush();
      finished = true;
    }
  }

  private void seal(boolean last) throws IOException {
    try {
      var sealed = chunks.next(Cipher.ENCRYPT_MODE, buffer, filled, last);
      out.writeInt(sealed.length);
      out.write(sealed);
      filled = 0;
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  private static IOException failed(GeneralSecurityException e) {
    return new IOException("expected HKDF-SHA256 and AES-256-GCM of the JDK; it failed", e);
  }
}
