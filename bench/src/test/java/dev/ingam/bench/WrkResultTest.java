package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrkResultTest {
  private static final String LINE =
      "ingam requests=202000 micros=10100000 status=0 connect=0 read=0 write=0 timeout=0 p50=3100"
          + " p99=9000 lacking=0";

  @Test
  void line_isFoundAmongWhatWrkSays() {
    var output = "Running 10s test @ http://127.0.0.1:8420\n  1 threads\n" + LINE + "\nbye\n";
    var result = WrkResult.parse(output).clean("the server");
    assertThat(result.perSecond()).isEqualTo(20_000);
    assertThat(result.medianMicros()).isEqualTo(3100);
    assertThat(result.p99Micros()).isEqualTo(9000);
  }

  @Test
  void refusedRequest_spoilsTheRound() {
    var result = WrkResult.parse(LINE.replace("status=0", "status=3"));
    assertThatThrownBy(() -> result.accepted("/gate")).isInstanceOf(BenchException.class);
    assertThatThrownBy(() -> result.clean("/gate"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("/gate refused 3 and dropped 0 of 202000");
  }

  @Test
  void tokensThatRanOut_spoilTheRoundAndAreNamed() {
    var ranOut = LINE.replace("lacking=0", "lacking=40").replace("status=0", "status=40");
    assertThatThrownBy(() -> WrkResult.parse(ranOut).clean("/gate"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("the tokens of the round lasted for 201960 requests");
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect", "read", "write", "timeout"})
  void brokenRequest_spoilsTheRound(String kind) {
    var result = WrkResult.parse(LINE.replace(kind + "=0", kind + "=2"));
    assertThat(result.broken()).isEqualTo(2);
    assertThatThrownBy(() -> result.clean("/gate")).hasMessageContaining("dropped 2");
    assertThat(result.accepted("/gate").requests()).isEqualTo(result.requests());
  }

  @Test
  void nothingAnswered_isNoRate() {
    var result = WrkResult.parse(LINE.replace("requests=202000", "requests=0"));
    assertThatThrownBy(() -> result.clean("/gate")).hasMessageContaining("answered no request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unable to connect to 127.0.0.1:8420 Connection refused",
        "ingam ",
        "ingam requests=many micros=1 status=0",
        "ingam requests=-1 micros=1 status=0 connect=0 read=0 write=0 timeout=0 p50=1 p99=1",
        "ingam requests=99999999999999999999 micros=1",
      })
  void outputWithoutTheNumbers_isAnErrorThatShowsThem(String output) {
    assertThatThrownBy(() -> WrkResult.parse(output)).isInstanceOf(BenchException.class);
  }
}
