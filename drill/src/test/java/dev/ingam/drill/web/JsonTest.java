package dev.ingam.drill.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void read_whatWasWritten() {
    var json =
        Json.empty()
            .with("text", "인감 \"quoted\"")
            .with("number", 1L)
            .with("flag", true)
            .with("list", List.of("a", "b"))
            .with("objects", List.of(Json.empty().with("x", 1L)));
    assertThat(Json.read(json.bytes(), "a test")).isEqualTo(json);
  }

  @Test
  void read_dropsNull() {
    var json = Json.read(bytes("{\"a\":null,\"b\":[null,1]}"), "a test");
    assertThat(json).hasToString("{\"b\":[1]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{\"a\":1,\"a\":2}",
        "{} {}",
        "{\"a\":}",
        "{\"a\":1e999x}",
        "\u0000"
      })
  void readOrNull_whatIsNoObject(String text) {
    assertThat(Json.readOrNull(bytes(text))).isNull();
  }

  @Test
  void read_saysWhatCame() {
    assertThatThrownBy(() -> Json.read(bytes("<html>"), "the server"))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("from the server, came: <html>");
  }

  @Test
  void member_ofAnotherType() {
    var json = Json.empty().with("a", "text");
    assertThatThrownBy(() -> json.number("a")).isInstanceOf(DrillException.class);
    assertThatThrownBy(() -> json.text("b")).isInstanceOf(DrillException.class);
    assertThat(json.textOrNull("b")).isNull();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
