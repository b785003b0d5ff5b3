package dev.ingam.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminErrorTest {
  @Test
  void shortWord_isRepeated() {
    assertThat(AdminError.word("intern")).isEqualTo("\"intern\"");
  }

  /// A secret that was put into the wrong place, or what a terminal would obey.
  @ParameterizedTest
  @ValueSource(
      strings = {"", "two words", "\u001b[31m", "a\nb", "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9"})
  void anythingElse_isNot(String came) {
    assertThat(AdminError.word(came)).isEqualTo("another text");
  }
}
