package dev.ingam.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `ingam master-key …`: the keys under which key stores in files lie.
@Command(
    name = "master-key",
    synopsisSubcommandLabel = "COMMAND",
    description = "Master keys: under which the key stores in files lie.")
final class MasterKeyCommands {
  private static final List<Column> COLUMNS = List.of(Column.text("stores"));

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new MasterKeyCommands()).addSubcommand(new RotateMasterKeys(terminal));
  }

  @Command(
      name = "rotate",
      description = {
        "Encrypts every key store in files under a new master key, while the server runs.",
        "For when the folder of secrets may have been read. Signing keys stay: if the stores may have been read too, taint them."
      })
  static final class RotateMasterKeys extends AskedChange {
    RotateMasterKeys(Terminal terminal) {
      super(terminal, "", COLUMNS);
    }

    @Override
    ExitCode run() {
      return changeAfterAsking(
          "/admin/master-keys/rotate", Json.object(), "Replace the master keys?");
    }
  }
}
