package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Figure PLAIN = Figure.plain("ledger.entry", "bytes", 32, "");
  private static final Figure MISSED =
      Figure.plain("sign.rate", "tokens/s", 790, "rounds 78.0 % to 80.0 %")
          .against("raw ES256", 1000)
          .toReach(new Target.ShareOfLimit(0.8));
  private static final Figure MET =
      Figure.plain("ledger.pairs.1m", "pairs/s", 4_000_000, "").toReach(new Target.AtLeast(4e6));

  @Test
  void json_isOneObjectThatSaysWhatWasMissed() {
    assertThat(Format.JSON.print(report(MISSED, MET)))
        .startsWith("{\"at\":\"2026-11-23T00:00:00Z\",\"machine\":{\"cpu\":\"a cpu\",\"cores\":2,")
        .contains(
            "{\"figure\":\"sign.rate\",\"unit\":\"tokens/s\",\"ours\":790.0,\"limit\":1000.0,"
                + "\"limit_is\":\"raw ES256\",\"ratio\":0.79,\"target\":\"at least 80 % of it\","
                + "\"reached\":false,\"note\":\"rounds 78.0 % to 80.0 %\"}")
        .contains("\"target\":\"at least 4,000,000\",\"reached\":true}")
        .endsWith("\"reached\":false}\n");
  }

  @Test
  void table_hasALineAFigureInStraightColumns() {
    var table = Format.TABLE.print(report(PLAIN, MISSED, MET));
    var lines =
        table.lines().filter(line -> line.matches("(figure|ledger|sign)[ .].*  .*")).toList();
    assertThat(lines).hasSize(4);
    assertThat(lines).extracting(String::length).containsOnly(lines.getFirst().length());
    assertThat(lines.get(2))
        .contains("790 tokens/s", "1,000", "79.0 %", "at least 80 % of it", "NO");
    assertThat(table).contains("sign.rate: limit: raw ES256; rounds 78.0 % to 80.0 %");
  }

  @Test
  void reached_needsEveryFigureWithATarget() {
    assertThat(report(PLAIN, MET).reached()).isTrue();
    assertThat(report(PLAIN, MET, MISSED).reached()).isFalse();
    assertThat(PLAIN.reached()).isNull();
  }

  @Test
  void atMost_isReachedFromBelow() {
    var resident = Figure.plain("memory.anonymous", "MB", 400, "");
    assertThat(resident.toReach(new Target.AtMost(400)).reached()).isTrue();
    assertThat(resident.toReach(new Target.AtMost(399)).reached()).isFalse();
  }

  @Test
  void figure_thatIsNoNumberOrLacksItsLimit_isRefused() {
    assertThatThrownBy(() -> Figure.plain("x", "y", Double.NaN, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.toReach(new Target.ShareOfLimit(0.8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.against("nothing", 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Target.ShareOfLimit(1.2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Report report(Figure... figures) {
    return new Report(
        Instant.parse("2026-11-23T00:00:00Z"),
        new Machine("a cpu", 2, 4096, "Linux 6", "25"),
        "Provider 1",
        List.of("rounds"),
        List.of(figures));
  }
}
