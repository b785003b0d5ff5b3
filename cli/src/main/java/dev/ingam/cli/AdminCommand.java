package dev.ingam.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that asks the running server and prints what it says.
abstract class AdminCommand implements Callable<Integer> {
  @Mixin ServerOptions server = new ServerOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json, ndjson or csv (default: table)")
  Format format = Format.TABLE;

  @Spec CommandSpec spec = CommandSpec.create();

  final Terminal terminal;

  AdminCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Does the work; whatever goes wrong is a [CliException].
  abstract ExitCode run();

  @Override
  public final Integer call() {
    return run().code();
  }

  AdminApi api() {
    var running = RunningServer.of(server);
    return new AdminApi(running.admin(), running.credential(), server.trust());
  }

  Printer printer() {
    return new Printer(terminal, format);
  }

  /// A mistake in how the command was called: the message, then how to call it.
  ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
