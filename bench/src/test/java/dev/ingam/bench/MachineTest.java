package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir private Path folder;

  @Test
  void line_isTheFirstOfThatName() throws Exception {
    var file = Files.writeString(folder.resolve("status"), "VmRSS:\t  12 kB\nRssAnon:\t 8192 kB\n");
    assertThat(Machine.line(file, "RssAnon")).isEqualTo("8192 kB");
    assertThat(Machine.line(file, "RssShmem")).isEqualTo("unknown");
    assertThat(Machine.line(folder.resolve("none"), "RssAnon")).isEqualTo("unknown");
  }

  @Test
  void kilobytes_ofWhatIsNone_areZero() {
    assertThat(Machine.kilobytes("8192 kB")).isEqualTo(8192);
    assertThat(Machine.kilobytes("unknown")).isZero();
    assertThat(Machine.kilobytes("-1 kB")).isZero();
  }

  @Test
  void memory_ofAProcessThatIsGone_isNothing() {
    assertThat(Memory.of(Long.MAX_VALUE)).isEqualTo(new Memory(0, 0));
  }
}
