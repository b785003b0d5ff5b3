package dev.ingam.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `ingam`.
@Command(
    name = "ingam",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Ingam: a token is honoured only if a live key of ours signed it and the ledger says that we issued it.",
    footer = {
      "",
      "First steps: ingam demo, or ingam serve and in another shell ingam status. With TLS: ingam init.",
      "Exit codes: 0 ok, 1 error, 2 usage, 3 a check failed or a person is needed, 4 not permitted, 75 try again."
    })
public final class IngamCli {
  private IngamCli() {}

  public static void main(String[] arguments) {
    var output = StandardOutput.ofProcess();
    var terminal = Terminal.ofProcess(output, System.getenv("NO_COLOR"));
    System.exit(output.after(run(terminal, arguments), terminal.err()));
  }

  static int run(Terminal terminal, String... arguments) {
    return commandLine(terminal).execute(TypedId.marked(arguments));
  }

  private static CommandLine commandLine(Terminal terminal) {
    var root =
        new CommandLine(new IngamCli())
            .addSubcommand(new InitCommand(terminal))
            .addSubcommand(new StatusCommand(terminal))
            .addSubcommand(KeyCommands.tree(terminal))
            .addSubcommand(MasterKeyCommands.tree(terminal))
            .addSubcommand(ClientCommands.tree(terminal))
            .addSubcommand(RouteCommands.tree(terminal))
            .addSubcommand(AudienceCommands.tree(terminal))
            .addSubcommand(TokenCommands.tree(terminal))
            .addSubcommand(LedgerCommands.tree(terminal))
            .addSubcommand(new EventsCommand(terminal))
            .addSubcommand(new BackupCommand(terminal))
            .addSubcommand(ProofsCommand.tree(terminal));
    RevocationCommands.addTo(root, terminal);
    LauncherCommands.addTo(root);
    return dressed(root, terminal);
  }

  private static CommandLine dressed(CommandLine root, Terminal terminal) {
    withHelp(root);
    root.getCommandSpec()
        .version(version())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version")
                .build());
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setColorScheme(Help.defaultColorScheme(terminal.colored() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(IngamCli::explain)
        .setExecutionExceptionHandler((e, command, result) -> explain(e, terminal));
  }

  private static void withHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Say how this is called")
                .build());
    command.getSubcommands().values().forEach(IngamCli::withHelp);
  }

  private static String version() {
    var version = IngamCli.class.getPackage().getImplementationVersion();
    return "Ingam " + (version == null ? "(not packaged)" : version);
  }

  private static int explain(ParameterException e, String[] arguments) {
    var command = e.getCommandLine();
    command.getErr().println(message(Printable.of(String.valueOf(e.getMessage()))));
    UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command
        .getErr()
        .println("How it is called: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.code();
  }

  private static int explain(Exception e, Terminal terminal) {
    return switch (e) {
      case CliException failure -> {
        terminal.err().println(message(String.valueOf(failure.getMessage())));
        yield failure.exitCode().code();
      }
      case ParameterException usage -> explain(usage, new String[0]);
      default -> {
        terminal.err().println("ingam: this should not happen; please report it: " + e);
        yield ExitCode.ERROR.code();
      }
    };
  }

  private static String message(String text) {
    return "ingam: "
        + (text.isEmpty() ? "" : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1));
  }
}
