package dev.ingam.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchMainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir private Path folder;

  @Test
  void figures_goToOutAndProgressToErr_andTheRunFolderIsGone() throws IOException {
    var code = run(new Fake(40), "sign", "-o", "json", "--folder", folder.toString());
    assertThat(code).isZero();
    assertThat(text(out)).startsWith("{").contains("\"figure\":\"fake\"").endsWith("}\n");
    assertThat(text(err)).isEqualTo("measuring\n");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void missedTarget_isSaidAndNoError() {
    var code = run(new Fake(2), "sign", "--folder", folder.toString());
    assertThat(code).isZero();
    assertThat(text(out)).contains("NO");
  }

  @Test
  void wrongArguments_areTwo_andPrintTheUsage() {
    assertThat(run(new Fake(2), "sing")).isEqualTo(2);
    assertThat(text(err)).startsWith("expected one of ledger|").contains("Usage: ingam bench");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void benchThatCannotRun_isOne_andSaysWhatToDo() {
    var code = run(new Fake(Double.NaN), "sign", "--folder", folder.toString());
    assertThat(code).isEqualTo(1);
    assertThat(text(err)).contains("measuring\nwrk is missing: apt install wrk\n");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void help_isZero() {
    assertThat(run(new Fake(2), "--help")).isZero();
    assertThat(text(out)).startsWith("Usage: ingam bench");
  }

  private int run(Bench bench, String... args) {
    return new BenchMain(
            Map.of(Subject.SIGN, bench),
            folder,
            Clock.systemUTC(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(List.of(args));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private record Fake(double rate) implements Bench {
    @Override
    public String method(Setting setting) {
      return "once";
    }

    @Override
    public List<Figure> run(Setting setting) throws IOException {
      setting.progress().say("measuring");
      if (Double.isNaN(rate)) {
        throw new BenchException("wrk is missing: apt install wrk");
      }
      Files.writeString(setting.folder().resolve("book"), "left behind");
      return List.of(Figure.plain("fake", "/s", rate, "").toReach(new Target.AtLeast(4)));
    }
  }
}
