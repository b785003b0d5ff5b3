package dev.ingam.keys.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.keys.archive.ArchiveException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An archive reads as it was written, or it does not read.
class ArchiveTest {
  private static final BackupKey KEY = new BackupKey(filled(1));
  private static final ArchiveOutput.Origin ORIGIN =
      new ArchiveOutput.Origin("0123456789abcdef".repeat(2), 3, Instant.EPOCH);

  private static byte[] filled(int value) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] content(int length) {
    var content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private static byte[] archive(byte[] content, int piece) {
    try {
      var out = new ByteArrayOutputStream();
      var archive = ArchiveOutput.begin(out, ORIGIN, KEY, new SecureRandom());
      for (int at = 0; at < content.length; at += piece) {
        archive.write(content, at, Math.min(piece, content.length - at));
      }
      archive.finish();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(byte[] archive) throws IOException {
    try (var in = ArchiveInput.open(new ByteArrayInputStream(archive), KEY)) {
      return in.readAllBytes();
    }
  }

  private static Reason refusal(byte[] archive) {
    try {
      read(archive);
      throw new AssertionError("expected to be refused");
    } catch (ArchiveException e) {
      return e.reason();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the first chunk begins: behind magic and header.
  private static int firstChunk(byte[] archive) {
    return 8 + 4 + ByteBuffer.wrap(archive).getInt(8);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, Chunks.PLAIN - 1, Chunks.PLAIN, Chunks.PLAIN + 1, 3 * Chunks.PLAIN, 200_000})
  void content_ofAnyLength_readsAsItWasWritten(int length) throws IOException {
    assertThat(read(archive(content(length), 7_777))).isEqualTo(content(length));
  }

  @Test
  void header_isReadWithoutAKey() throws IOException {
    var header = ArchiveInput.header(new ByteArrayInputStream(archive(content(9), 9)));
    assertThat(header.installation()).isEqualTo(ORIGIN.installation());
    assertThat(header.epoch()).isEqualTo(3);
    assertThat(header.created()).isEqualTo(Instant.EPOCH);
    assertThat(header.keyId()).isEqualTo(KEY.id());
  }

  /// Each byte of a small archive, of the header too: it opens under no other.
  @Test
  void anyByteChanged_isRefused() throws IOException {
    var whole = archive(content(100), 100);
    for (int at = 0; at < whole.length; at++) {
      var changed = whole.clone();
      changed[at] ^= 0x20;
      assertThatThrownBy(() -> read(changed))
          .as("byte %s of %s", at, whole.length)
          .isInstanceOf(ArchiveException.class);
    }
  }

  @Test
  void anyBytesMissingAtTheEnd_isRefused() {
    var whole = archive(content(Chunks.PLAIN + 100), 1_000);
    for (int length = 8; length < whole.length; length += length < 400 ? 1 : 997) {
      assertThat(refusal(Arrays.copyOf(whole, length))).isEqualTo(Reason.TRUNCATED);
    }
    assertThat(refusal(Arrays.copyOf(whole, whole.length - 1))).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void notFinished_isCutOff() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var archive = ArchiveOutput.begin(out, ORIGIN, KEY, new SecureRandom())) {
      archive.write(content(Chunks.PLAIN * 2));
    }
    assertThat(refusal(out.toByteArray())).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void chunksInAnotherOrder_areRefused() {
    var whole = archive(content(3 * Chunks.PLAIN), Chunks.PLAIN);
    int first = firstChunk(whole);
    int size = 4 + Chunks.PLAIN + Chunks.TAG;
    var swapped = whole.clone();
    System.arraycopy(whole, first, swapped, first + size, size);
    System.arraycopy(whole, first + size, swapped, first, size);
    assertThat(refusal(swapped)).isEqualTo(Reason.DAMAGED);
  }

  /// The end of an archive, put behind an earlier chunk.
  @Test
  void lastChunkLeftOut_isRefused() {
    var whole = archive(content(2 * Chunks.PLAIN), Chunks.PLAIN);
    int second = firstChunk(whole) + 4 + Chunks.PLAIN + Chunks.TAG;
    var cut = ByteBuffer.allocate(second + 12).put(whole, 0, second);
    cut.putInt(0).put(Chunks.END);
    assertThat(refusal(cut.array())).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void chunkOfAnotherArchive_isRefused() {
    var one = archive(content(2 * Chunks.PLAIN), Chunks.PLAIN);
    var other = archive(content(2 * Chunks.PLAIN), Chunks.PLAIN);
    int first = firstChunk(one);
    assertThat(firstChunk(other)).isEqualTo(first);
    System.arraycopy(other, first, one, first, 4 + Chunks.PLAIN + Chunks.TAG);
    assertThat(refusal(one)).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void anotherKey_isSaidToBeAnother() {
    var archive = archive(content(9), 9);
    assertThatThrownBy(
            () -> ArchiveInput.open(new ByteArrayInputStream(archive), new BackupKey(filled(2))))
        .isInstanceOfSatisfying(
            ArchiveException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining(KEY.id())
        .hasMessageContaining("--key");
  }

  /// A header of any length is no reason to take as much memory.
  @Test
  void lengthsOutOfBounds_areRefused() {
    var whole = archive(content(9), 9);
    for (int length : new int[] {0, -1, 4097, Integer.MAX_VALUE}) {
      var header = ByteBuffer.wrap(whole.clone()).putInt(8, length).array();
      assertThat(refusal(header)).isEqualTo(Reason.DAMAGED);
    }
    for (int length : new int[] {1, 15, -1, Chunks.PLAIN + Chunks.TAG + 1, Integer.MAX_VALUE}) {
      var chunk = ByteBuffer.wrap(whole.clone()).putInt(firstChunk(whole), length).array();
      assertThat(refusal(chunk)).isEqualTo(Reason.DAMAGED);
    }
  }
}
