package dev.ingam.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "acknowledge",
    description = {
      "Says that somebody has taken up a theft: ingam status no longer alarms about it.",
      "One more forged token of the key, or one more condemned domain, alarms again.",
      "Keys stay as they are. Who said it, and why, is an event."
    })
final class AcknowledgeCommand extends AdminCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.text("kid"), Column.text("domain"), Column.text("forged_tokens"));

  @Parameters(
      paramLabel = "KID",
      arity = "0..1",
      converter = TypedId.class,
      description = "The stolen key's id, or its first characters")
  @Nullable String kid;

  @Option(names = "--all", description = "Every theft whose keys were replaced")
  boolean all;

  @Option(
      names = {"--reason", "--why"},
      required = true,
      paramLabel = "TEXT",
      description = "Kept in the event: what was found, who goes on with it")
  String reason = "";

  @Option(names = "--dry-run", description = "Print what would be sent and send nothing")
  boolean dryRun;

  AcknowledgeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode run() {
    if ((kid == null) != all) {
      throw usage("Expected the KID of a stolen key, or --all, and not both.");
    }
    var api = api();
    var path =
        kid == null
            ? "/admin/proofs/acknowledge"
            : "/admin/proofs/" + AdminApi.id(KeyCommands.kid(api, kid)) + "/acknowledge";
    var body = Json.object().with("why", reason);
    if (dryRun) {
      terminal.err().println("Would send POST " + path);
      terminal.out().println(body.pretty());
    } else {
      var done = api.post(path, body).get("acknowledged").items();
      printer().list(done, COLUMNS, "There is nothing that nobody has taken up.");
    }
    return ExitCode.OK;
  }
}
