package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class FormFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "", "a=b", "a=b&a=c", "a=%41%zz", "=&=", "grant_type=client_credentials", "a=+%f0")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Whatever comes is a form, or refused with what was expected; a form holds what the JDK's
  /// decoder reads in each of its parts, where that is sure: it decodes bytes beyond ASCII apart
  /// from those that are percent-encoded.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] body) {
    switch (Form.read("application/x-www-form-urlencoded", body)) {
      case Form.Refused(String detail) -> assertThat(detail).startsWith("expected");
      case Form.Read(Form form) -> {
        var text = new String(body, StandardCharsets.ISO_8859_1);
        if (text.chars().allMatch(c -> c < 0x80)) {
          Stream.of(text.split("&"))
              .filter(part -> !part.isEmpty())
              .forEach(part -> assertHolds(form, part));
        }
      }
    }
  }

  private static void assertHolds(Form form, String part) {
    var at = part.indexOf('=');
    var name = decoded(at < 0 ? part : part.substring(0, at));
    var value = at < 0 ? "" : decoded(part.substring(at + 1));
    assertThat(form.get(name)).isEqualTo(value.isEmpty() ? null : value);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
