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
    var measured = folder.resolve("measured");
    var code = run(new Fake(40), "sign", "-o", "json", "--folder", measured.toString());
    assertThat(code).isZero();
    assertThat(text(out)).startsWith("{").contains("\"figure\":\"fake\"").endsWith("}\n");
    assertThat(text(err)).isEqualTo("measuring\n");
    assertThat(measured).isEmptyDirectory();
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
    assertThat(text(err)).isEqualTo("wrk is missing: apt install wrk\n");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void benchThatFails_isOne_andTheRunFolderIsGone() throws IOException {
    assertThat(run(new Fake(-1), "sign")).isEqualTo(1);
    assertThat(text(err)).startsWith("measuring\nThe bench failed: java.io.IOException: disk full");
    try (var left = Files.list(beside())) {
      assertThat(left.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void anotherBench_isRefused_andNothingMeasured() throws IOException {
    try (var other = BenchFolder.take(beside())) {
      assertThat(run(new Fake(40), "sign")).isEqualTo(1);
      assertThat(other.lock().isOpen()).isTrue();
    }
    assertThat(text(err)).startsWith("Another bench runs in ").doesNotContain("measuring");
    assertThat(run(new Fake(40), "sign")).isZero();
  }

  @Test
  void folderOfAKilledBench_isDeleted() throws IOException {
    var left = Files.createDirectories(beside().resolve("ledger-123/books"));
    Files.writeString(left.resolve("0a.book"), "left");
    assertThat(run(new Fake(40), "sign")).isZero();
    assertThat(left.getParent()).doesNotExist();
  }

  @Test
  void stop_endsTheProcessesAndDeletesTheFolder() throws Exception {
    var run = RunFolder.make(folder, "sign");
    Files.writeString(run.path().resolve("book"), "half");
    var child = new ProcessBuilder("sleep", "300").start();
    var stop = new Stop(new PrintStream(err, true, StandardCharsets.UTF_8));
    stop.holds(run);
    assertThat(stop.isAsked()).isFalse();
    stop.run();
    assertThat(stop.isAsked()).isTrue();
    assertThat(child.isAlive()).isFalse();
    assertThat(run.path()).doesNotExist();
    assertThat(text(err)).isEmpty();
  }

  private Path beside() {
    return folder.resolve("bench");
  }

  @Test
  void help_isZero() {
    assertThat(run(new Fake(2), "--help")).isZero();
    assertThat(text(out)).startsWith("Usage: ingam bench");
  }

  private int run(Bench bench, String... args) {
    return new BenchMain(
            Map.of(Subject.SIGN, bench),
            folder.resolve("home"),
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
    public void expectTools() {
      if (Double.isNaN(rate)) {
        throw new BenchException("wrk is missing: apt install wrk");
      }
    }

    @Override
    public List<Figure> run(Setting setting) throws IOException {
      setting.progress().say("measuring");
      Files.writeString(setting.folder().resolve("book"), "left behind");
      if (rate < 0) {
        throw new IOException("disk full");
      }
      return List.of(Figure.plain("fake", "/s", rate, "").toReach(new Target.AtLeast(4)));
    }
  }
}
