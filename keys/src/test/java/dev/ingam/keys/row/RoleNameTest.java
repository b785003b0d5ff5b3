package dev.ingam.keys.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"ingam_server", "Ingam-Server", "_a", "a1", "pgadmin", "publicity"})
  void name_thatCanBeQuoted_isTaken(String name) {
    assertThat(new RoleName(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1a",
        "-a",
        "a b",
        "a\"b",
        "a;b",
        "a\n",
        "${server}",
        "ä",
        "public",
        "none",
        "pg_x"
      })
  void name_thatCannot_isRefused(String name) {
    assertThat(RoleName.isOne(name)).isFalse();
    assertThatThrownBy(() -> new RoleName(name)).isInstanceOf(IllegalArgumentException.class);
  }

  /// PostgreSQL cuts what is longer, and would mean another role.
  @Test
  void name_ofMoreThan63Letters_isRefused() {
    assertThat(RoleName.isOne("a".repeat(63))).isTrue();
    assertThat(RoleName.isOne("a".repeat(64))).isFalse();
  }
}
