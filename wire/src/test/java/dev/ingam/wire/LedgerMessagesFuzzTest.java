package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("fuzz")
class LedgerMessagesFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of("ledger-request.json", "ledger-answers.json")
        .flatMap(file -> Vectors.list(file).stream())
        .map(vector -> vector.string("text").getBytes(StandardCharsets.UTF_8));
  }

  /// What is read can be written and reads the same.
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "2m")
  void read(byte[] bytes) {
    var messages = new LedgerMessages();
    if (messages.readRequest(bytes) instanceof LedgerMessages.Request request) {
      assertThat(messages.readRequest(messages.writeRequest(request.items()))).isEqualTo(request);
    }
    if (messages.readAnswers(bytes) instanceof LedgerMessages.Answers answers) {
      assertThat(messages.readAnswers(messages.writeAnswers(answers.answers()))).isEqualTo(answers);
    }
  }
}
