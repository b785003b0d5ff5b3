package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class PackageTest {
  @Test
  void package_isNullMarked() throws ClassNotFoundException {
    assertThat(Class.forName("dev.ingam.wire.package-info").isAnnotationPresent(NullMarked.class))
        .isTrue();
  }
}
