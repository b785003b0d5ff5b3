package dev.ingam.keys.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.SealingKeys;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowMacTest {
  private final RowMac mac = new RowMac(new SealingKeys(new byte[32], new SecureRandom()));

  @Test
  void rows_thatDiffer_haveDifferentMacs() {
    var macs = new HashSet<String>();
    macs.add(hex("t", "id", 1, "a", "b"));
    macs.add(hex("t", "id", 1, "ab", ""));
    macs.add(hex("t", "id", 1, "", "ab"));
    macs.add(hex("t", "id", 1, "a", "b", ""));
    macs.add(hex("t", "id", 1, "a", null));
    macs.add(hex("t", "id", 1, "a", ""));
    macs.add(hex("t", "id", 1, "b", "a"));
    macs.add(hex("t", "id", 2, "a", "b"));
    macs.add(hex("t", "ida", 1, "b"));
    macs.add(hex("ti", "d", 1, "a", "b"));
    assertThat(macs).hasSize(10);
  }

  @Test
  void mac_ofTheSameRow_holds() {
    var row = List.<String>of("a", "b");
    var good = mac.of("t", "id", 1, row);
    assertThat(mac.holds("t", "id", 1, row, good)).isTrue();
    assertThat(mac.holds("t", "id", 1, row, new byte[0])).isFalse();
    assertThat(mac.holds("t", "id", 1, row, Arrays.copyOf(good, 16))).isFalse();
    good[0] ^= 1;
    assertThat(mac.holds("t", "id", 1, row, good)).isFalse();
  }

  private String hex(String table, String id, long version, String... columns) {
    return HexFormat.of().formatHex(mac.of(table, id, version, Arrays.asList(columns)));
  }
}
