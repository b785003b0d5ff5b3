package dev.ingam.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
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

  /// Whatever comes is a form, or refused with what was expected.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] body) {
    switch (Form.read("application/x-www-form-urlencoded", body)) {
      case Form.Refused(String detail) -> assertThat(detail).startsWith("expected");
      case Form.Read(Form form) -> {
        var type = form.get("grant_type");
        assertThat(type == null || !type.isEmpty()).isTrue();
      }
    }
  }
}
