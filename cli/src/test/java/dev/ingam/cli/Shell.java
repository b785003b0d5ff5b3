package dev.ingam.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Runs `ingam` in this process and keeps what it wrote.
final class Shell {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T02:00:00Z"), ZoneOffset.UTC);

  record Result(int code, String out, String err) {}

  private final List<String> always = new ArrayList<>();
  private String typed = "";
  private boolean interactive;
  private char[] password;
  private Clock clock = CLOCK;

  static Shell on(StubServer server) {
    var shell = new Shell();
    shell.always.addAll(
        List.of(
            "--data-dir",
            server.dataDir().toString(),
            "--secrets-dir",
            server.secretsDir().toString()));
    return shell;
  }

  /// Without any server.
  static Shell alone() {
    return new Shell();
  }

  /// By the clock of this machine, as a real server will.
  Shell inPresentTime() {
    clock = Clock.systemUTC();
    return this;
  }

  /// With these words at the end of each command.
  Shell with(String... words) {
    always.addAll(List.of(words));
    return this;
  }

  Shell typing(String text) {
    typed = text;
    return this;
  }

  /// A person sits there and types this.
  Shell withPerson(String text) {
    interactive = true;
    return typing(text);
  }

  Shell withPassword(String secret) {
    password = secret.toCharArray();
    return this;
  }

  Result run(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(always);
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            interactive,
            false,
            clock,
            password == null ? null : question -> password);
    var code = IngamCli.run(terminal, all.toArray(String[]::new));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
