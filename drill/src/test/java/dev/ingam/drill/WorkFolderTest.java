package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.web.DrillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  private @TempDir Path temporary;

  @Test
  void make_marksTheDataFolder() {
    try (var folder = WorkFolder.make(temporary.resolve("new"))) {
      assertThat(folder.data().resolve("demo")).isRegularFile();
    }
    assertThat(temporary.resolve("new/data/demo")).isRegularFile();
  }

  @Test
  void make_neverInAFolderThatHoldsSomething() throws IOException {
    Files.writeString(temporary.resolve("file"), "");
    assertThatThrownBy(() -> WorkFolder.make(temporary))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("expected a new or an empty folder");
    assertThat(temporary.resolve("data")).doesNotExist();
  }

  @Test
  void close_deletesATemporaryOne() {
    var folder = WorkFolder.make(null);
    folder.write("shop/shop.json", "{}");
    folder.close();
    assertThat(folder.data().getParent()).doesNotExist();
  }

  @Test
  void write_forTheOwnerAlone() throws IOException {
    try (var folder = WorkFolder.make(temporary.resolve("new"))) {
      var file = folder.write("shop/shop.json", "{}");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void installation_whenThereIsNone() {
    try (var folder = WorkFolder.make(temporary.resolve("new"))) {
      assertThatThrownBy(folder::installation).isInstanceOf(DrillException.class);
    }
  }
}
