package dev.ingam.issuance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SipHashTest {
  /// The key of the reference vectors: bytes 00 to 0f.
  private static final byte[] KEY = counting(16);

  @Test
  void ofBytes_referenceVectors() throws IOException {
    var hash = new SipHash(KEY);
    var vectors = vectors();
    assertThat(vectors).hasSize(64);
    for (int length = 0; length < vectors.length; length++) {
      var little =
          ByteBuffer.allocate(8).putLong(Long.reverseBytes(hash.ofBytes(counting(length))));
      assertThat(HexFormat.of().formatHex(little.array()))
          .as("length %d", length)
          .isEqualTo(vectors[length]);
    }
  }

  @Test
  void ofBytes_exampleOfThePaper() {
    assertThat(new SipHash(KEY).ofBytes(counting(15))).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void ofWords_equalsOfBytes() {
    var random = new Random(7);
    var hash = new SipHash(KEY);
    for (int i = 0; i < 1000; i++) {
      long a = random.nextLong();
      long b = random.nextLong();
      long c = random.nextLong();
      long d = random.nextLong();
      long tail = random.nextLong() & ~0xFFL;
      var bytes =
          ByteBuffer.allocate(40).putLong(a).putLong(b).putLong(c).putLong(d).putLong(tail).array();
      assertThat(hash.ofLong(a)).isEqualTo(hash.ofBytes(Arrays.copyOf(bytes, 8)));
      assertThat(hash.ofLongs(a, b)).isEqualTo(hash.ofBytes(Arrays.copyOf(bytes, 16)));
      assertThat(hash.ofLongsAndTail(a, b, c, d, tail))
          .isEqualTo(hash.ofBytes(Arrays.copyOf(bytes, 39)));
    }
  }

  @Test
  void key_ofAnotherLength_isRefused() {
    assertThatThrownBy(() -> new SipHash(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static String[] vectors() throws IOException {
    try (var in = SipHashTest.class.getResourceAsStream("siphash-2-4.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toArray(String[]::new);
    }
  }
}
