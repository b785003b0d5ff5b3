package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.drill.web.DrillException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  void make_deletesWhatAKilledDemoLeft() throws IOException {
    var left = left("ingam-demo-killed");
    Files.writeString(Files.createDirectories(left.resolve("data/keys")).resolve("key"), "secret");
    Leftovers.delete(temporary, Files.getOwner(temporary));
    assertThat(left).doesNotExist();
  }

  @Test
  void make_leavesWhatIsInUse() throws IOException {
    var demo = left("ingam-demo-runs");
    var server = left("ingam-demo-serves");
    Files.createDirectories(server.resolve("data"));
    try (var first = locked(demo.resolve("in-use"));
        var second = locked(server.resolve("data/lock"))) {
      Leftovers.delete(temporary, Files.getOwner(temporary));
      assertThat(first.isOpen() && second.isOpen()).isTrue();
    }
    assertThat(demo).isDirectory();
    assertThat(server).isDirectory();
  }

  @Test
  void make_leavesWhatIsNoDemosFolder() throws IOException {
    var unmarked = Files.createDirectory(temporary.resolve("ingam-demo-mine"));
    var other = left("ingam-data");
    var link = temporary.resolve("ingam-demo-link");
    Files.createSymbolicLink(link, left("elsewhere"));
    Leftovers.delete(temporary, Files.getOwner(temporary));
    assertThat(unmarked).isDirectory();
    assertThat(other).isDirectory();
    assertThat(link.resolve("in-use")).exists();
  }

  @Test
  void make_leavesTheFolderOfTheDemoBesideIt() {
    try (var first = WorkFolder.make(null);
        var second = WorkFolder.make(null)) {
      assertThat(first.data()).isDirectory();
      assertThat(second.data()).isDirectory();
    }
  }

  private Path left(String name) throws IOException {
    var folder = Files.createDirectory(temporary.resolve(name));
    Files.createFile(folder.resolve("in-use"));
    return folder;
  }

  private static FileChannel locked(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.lock();
    return channel;
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
