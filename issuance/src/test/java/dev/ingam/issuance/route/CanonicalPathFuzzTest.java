package dev.ingam.issuance.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class CanonicalPathFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of("/", "/a/b/", "/a/../b", "/%2e", "/%ec%a3%bc?x=/..", "/a;b", "//", "/a%")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /// What is read is its own canonical form, and `java.net.URI` sees the same path and nothing to
  /// normalise in it.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var reading = CanonicalPath.read(new String(bytes, StandardCharsets.UTF_8));
    if (reading instanceof CanonicalPath.Read(CanonicalPath path)) {
      var text = path.toString();
      var again = (CanonicalPath.Read) CanonicalPath.read(text);
      assertThat(again.path()).hasToString(text);
      assertThat(URI.create(text).normalize()).hasToString(text);
      assertThat(URI.create(text).getRawPath()).isEqualTo(text);
    }
  }
}
