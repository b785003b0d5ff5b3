package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.web.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoakResultTest {
  private static final Map<String, Integer> TROUBLES = Map.of("server_killed", 2);
  private final SoakTally tally = new SoakTally();

  @Test
  void problems_none() {
    honest();
    var result = result(0);
    assertThat(result.problems()).isEmpty();
    assertThat(result.toText()).contains("issued", "server_killed=2").doesNotContain("NOT AS");
    var json = result.toJson();
    assertThat(json.flag("passed")).isTrue();
    assertThat(json.object("refused").number("already_redeemed")).isEqualTo(1);
    assertThat(json.object("withheld").number("no_answer")).isEqualTo(1);
  }

  @Test
  void problems_eachNumberThatIsNotAsPromised() {
    honest();
    tally.broken("a page", new Told(401, "not_issued", Json.empty()));
    tally.redeemedOnce("serial");
    tally.redeemedOnce("serial");
    tally.revokedAccepted();
    tally.junkAccepted();
    var result = result(1);
    assertThat(result.problems())
        .containsExactly(
            "honest requests refused {a page: not_issued=1}: expected 0, came 1",
            "single-use tokens accepted twice: expected 0, came 1",
            "revoked tokens accepted: expected 0, came 1",
            "tokens accepted that nobody had issued: expected 0, came 1",
            "keys held to be stolen though none was: expected 0, came 1");
    assertThat(result.toJson().flag("passed")).isFalse();
    assertThat(result.toText()).contains("NOT AS PROMISED");
  }

  @Test
  void problems_nothingHappened() {
    assertThat(new SoakResult(1, 60, tally.counts(), Map.of(), 0).problems())
        .containsExactly(
            "nothing was issued, redeemed or refused: a number beside it proves nothing",
            "nothing befell the server");
  }

  @Test
  void redeemedOnce_threeTimesIsOneTokenTwice() {
    tally.redeemedOnce("a");
    tally.redeemedOnce("a");
    tally.redeemedOnce("a");
    assertThat(tally.counts().redeemedTwice()).isEqualTo(1);
    assertThat(tally.isSpent("a")).isTrue();
    assertThat(tally.isSpent("b")).isFalse();
  }

  private void honest() {
    tally.issued();
    tally.redeemed();
    tally.refused("already_redeemed");
    tally.withheld("no_answer");
  }

  private SoakResult result(int falseProofs) {
    return new SoakResult(1, 60, tally.counts(), TROUBLES, falseProofs);
  }
}
