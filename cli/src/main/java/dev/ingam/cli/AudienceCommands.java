package dev.ingam.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam audiences …`: what the server decides for an audience.
@Command(
    name = "audiences",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Audiences with a policy of their own: which key set signs their tokens. Others have the default.")
final class AudienceCommands {
  static final String PATH = "/admin/audiences";

  private static final List<Column> COLUMNS =
      List.of(Column.text("audience"), Column.text("key_set"), Column.text("version"));

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new AudienceCommands())
        .addSubcommand(new ListAudiences(terminal))
        .addSubcommand(new SetAudience(terminal))
        .addSubcommand(new DeleteAudience(terminal));
  }

  @Command(name = "list", description = "All audiences with a policy.")
  static final class ListAudiences extends AdminCommand {
    ListAudiences(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var answer = api().get(PATH);
      printer()
          .list(
              answer.get("audiences").items(),
              COLUMNS,
              "No audience has a policy; the default key set signs for all.");
      for (var name : answer.get("in_doubt").items()) {
        terminal
            .err()
            .println(
                "In doubt, changed in the database: "
                    + Printable.of(name.text())
                    + ". See: ingam status");
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set",
      description = {
        "Gives an audience a policy, or changes the one that it has, for example:",
        "  ingam audiences set https://old.example --key-set legacy"
      })
  static final class SetAudience extends AdminCommand {
    @Parameters(paramLabel = "AUDIENCE", description = "The audience (aud) of its tokens")
    String audience = "";

    @Option(
        names = "--key-set",
        required = true,
        paramLabel = "SET",
        description = "The key set that signs its tokens: access, or legacy")
    String keySet = "";

    @Option(names = "--dry-run", description = "Print what would be sent and send nothing")
    boolean dryRun;

    SetAudience(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var policy = Json.object().with("audience", audience).with("key_set", keySet);
      if (dryRun) {
        terminal.err().println("Would send PUT " + PATH);
        terminal.out().println(policy.pretty());
        return ExitCode.OK;
      }
      var api = api();
      var body = version(api).map(version -> policy.with("version", version)).orElse(policy);
      printer().one(api.put(PATH, body), COLUMNS);
      return ExitCode.OK;
    }

    /// Of the policy as it stands; none when it has none.
    private Optional<Json> version(AdminApi api) {
      return api.get(PATH).get("audiences").items().stream()
          .filter(each -> each.get("audience").text().equals(audience))
          .map(each -> each.get("version"))
          .findFirst();
    }
  }

  @Command(
      name = "delete",
      description =
          "Deletes an audience's policy. The default key set signs its tokens from then on.")
  static final class DeleteAudience extends AdminCommand {
    @Parameters(paramLabel = "AUDIENCE", description = "The audience (aud)")
    String audience = "";

    @Option(names = "--dry-run", description = "Say what would be sent and send nothing")
    boolean dryRun;

    DeleteAudience(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var path = PATH + "?audience=" + AdminApi.encoded(audience);
      if (dryRun) {
        terminal.err().println("Would send DELETE " + path);
      } else {
        api().delete(path);
        terminal.progress("Deleted.");
      }
      return ExitCode.OK;
    }
  }
}
