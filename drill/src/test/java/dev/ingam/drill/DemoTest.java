package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.web.Json;
import dev.ingam.testkit.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo as people start it, with the real server.
class DemoTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private @TempDir Path folder;

  @Test
  void demo_with500Accounts() throws IOException, InterruptedException {
    var demo = start("--accounts", "500", "-o", "json", "--exit");
    var printed = new String(demo.getInputStream().readAllBytes(), UTF_8);
    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
    assertThat(demo.exitValue()).as(() -> printed + log()).isZero();
    assertThat(printed.lines()).hasSize(1);
    asPromised(Json.read(printed.getBytes(UTF_8), "the demo"), 500);
  }

  /// With a second key set of RSA keys the thief has copied those too, and nobody is read with
  /// them.
  @Test
  @Tag("full")
  void demo_withALegacyKeySet() throws IOException, InterruptedException {
    var demo =
        start(
            Map.of("INGAM_KEYS_LEGACYALGORITHM", "RS256"),
            "--accounts",
            "50",
            "-o",
            "json",
            "--exit");
    var printed = new String(demo.getInputStream().readAllBytes(), UTF_8);
    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
    assertThat(demo.exitValue()).as(() -> printed + log()).isZero();
    var result = Json.read(printed.getBytes(UTF_8), "the demo");
    asPromised(result, 50);
    assertThat(result.number("keys_copied")).isGreaterThanOrEqualTo(6);
  }

  @Test
  @Tag("full")
  void demo_killedLeavesNoProcess() throws IOException {
    var demo =
        start("--accounts", "50", "-o", "json", "--work-dir", folder.resolve("work").toString());
    var processes = playedOut(demo);
    demo.destroyForcibly();
    allEnd(processes);
  }

  @Test
  @Tag("full")
  void demo_stoppedLeavesNothing() throws IOException, InterruptedException {
    var left = Files.createDirectories(temporary().resolve("ingam-demo-killed"));
    Files.createFile(left.resolve("in-use"));
    var demo = start("--accounts", "50", "-o", "json");
    var processes = playedOut(demo);
    assertThat(left).doesNotExist();
    assertThat(temporary()).isNotEmptyDirectory();
    endsAndLeavesNoFile(demo);
    allEnd(processes);
  }

  @Test
  @Tag("full")
  void demo_stoppedWhileItsServerStarts_leavesNothing() throws IOException, InterruptedException {
    var demo = start("--accounts", "50", "-o", "json");
    Until.isTrue("the server holds its folder", PATIENCE, this::serverStarts);
    endsAndLeavesNoFile(demo);
  }

  private boolean serverStarts() throws IOException {
    try (var files = Files.find(temporary(), 3, (file, _) -> file.endsWith("data/lock"))) {
      return files.findAny().isPresent();
    }
  }

  private void endsAndLeavesNoFile(Process demo) throws IOException, InterruptedException {
    var below = demo.descendants().toList();
    demo.destroy();
    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
    allEnd(below);
    assertThat(temporary()).as(log()).isEmptyDirectory();
  }

  private static void asPromised(Json result, int accounts) {
    assertThat(result.number("accounts")).isEqualTo(accounts);
    assertThat(result.number("exposed_signature_only")).isEqualTo(accounts);
    assertThat(result.number("exposed_ingam")).isZero();
    assertThat(result.number("exposed_exchange_thief")).isZero();
    assertThat(result.number("exposed_reserve_thief")).isZero();
    assertThat(result.number("honest_refused")).isZero();
    assertThat(result.number("honest_requests")).isPositive();
    assertThat(result.flag("theft_proven")).isTrue();
    assertThat(result.number("taint_ms")).isNotNegative();
    assertThat(result.number("replaced_ms")).isNotNegative();
    assertThat(result.number("taint_recorded_ms")).isBetween(0L, result.number("taint_ms"));
    assertThat(result.number("tokens_signed_by_gone_key")).isZero();
    assertThat(result.number("exchange_thief_tries")).isGreaterThanOrEqualTo(accounts);
    assertThat(result.number("exchange_thief_tokens")).isZero();
    assertThat(result.number("honest_pages_with_stolen_key_after_taint")).isPositive();
    assertThat(result.number("keys_copied")).isGreaterThanOrEqualTo(3);
    assertThat(result.number("forged_for_unknown_subjects")).isPositive();
    assertThat(result.flag("shop_served_equals_attacker_read")).isTrue();
    assertThat(result.flag("passed")).isTrue();
  }

  /// Every process below the demo once it has printed its result, the database's too.
  private List<ProcessHandle> playedOut(Process demo) throws IOException {
    var line = demo.inputReader(UTF_8).readLine();
    assertThat(line).as(log()).contains("\"passed\":true");
    var processes = demo.descendants().toList();
    assertThat(processes).hasSizeGreaterThan(2);
    return processes;
  }

  private static void allEnd(List<ProcessHandle> processes) {
    Until.isTrue(
        "no process is left",
        Duration.ofMinutes(2),
        () -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  private Process start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /// @param environment of all processes of the demo
  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.add("-Djava.io.tmpdir=" + temporary());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), DemoMain.class.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(folder.resolve("log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Path temporary() throws IOException {
    return Files.createDirectories(folder.resolve("tmp"));
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
