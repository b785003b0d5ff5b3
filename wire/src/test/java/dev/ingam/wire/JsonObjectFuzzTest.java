package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class JsonObjectFuzzTest {
  static Stream<byte[]> seeds() {
    return Vectors.list("json.json").stream()
        .map(vector ->
            vector.has("hex")
                ? HexFormat.of().parseHex(vector.string("hex"))
                : vector.string("text").getBytes(StandardCharsets.UTF_8));
  }

  /// An object has each name once, and each getter answers without fail.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var json = JsonObject.read(bytes);
    if (json == null) {
      return;
    }
    var writer = new JsonWriter().beginObject();
    for (var name : json.names()) {
      assertThat(json.has(name)).isTrue();
      json.object(name);
      json.objects(name);
      json.strings(name);
      json.bool(name);
      var text = json.string(name);
      var number = json.number(name);
      if (text != null) {
        writer.member(name, text);
      } else if (number != null) {
        writer.member(name, number);
      } else {
        writer.member(name, true);
      }
    }
    var again = JsonObject.read(writer.endObject().toString());
    if (again != null) {
      assertThat(again.names()).containsExactlyElementsOf(json.names());
    } else {
      assertThat(writer.toString().length()).isGreaterThan(JsonObject.MAX_BYTES);
    }
  }
}
