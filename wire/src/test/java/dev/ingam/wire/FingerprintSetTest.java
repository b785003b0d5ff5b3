package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintSetTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void set_holdsWhatAHashSetHolds(long seed) {
    var random = new Random(seed);
    var expected = new HashSet<TokenDigest>();
    var set = new FingerprintSet();
    for (int i = 0; i < 50_000; i++) {
      var each = new TokenDigest(random.nextLong(), random.nextLong());
      assertThat(set.contains(each)).isFalse();
      expected.add(each);
      set.add(each);
      set.add(each);
    }

    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(expected).allMatch(set::contains);
    for (int i = 0; i < 50_000; i++) {
      assertThat(set.contains(new TokenDigest(random.nextLong(), random.nextLong()))).isFalse();
    }
  }

  @Test
  void fingerprintsInOnePlace_areAllHeld() {
    var set = new FingerprintSet();
    for (long i = 0; i < 1_000; i++) {
      set.add(new TokenDigest(i, -1));
    }

    assertThat(set.size()).isEqualTo(1_000);
    for (long i = 0; i < 1_000; i++) {
      assertThat(set.contains(new TokenDigest(i, -1))).isTrue();
      assertThat(set.contains(new TokenDigest(i, -2))).isFalse();
    }
  }

  @Test
  void fingerprintsWithZeros_areHeld() {
    for (var each : Set.of(new TokenDigest(0, 0), new TokenDigest(0, 2), new TokenDigest(5, 0))) {
      var set = new FingerprintSet();
      assertThat(set.contains(each)).isFalse();
      set.add(each);
      assertThat(set.contains(each)).isTrue();
      assertThat(set.size()).isEqualTo(1);
    }
  }
}
