package dev.ingam.cli;

import java.util.List;
import picocli.CommandLine.Option;

/// A command that changes what cannot be changed back. The server says what will happen; nothing
/// here knows the rules.
abstract class AskedChange extends AdminCommand {
  @Option(names = "--dry-run", description = "Say what would happen and change nothing")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask; for scripts")
  boolean yes;

  private final String member;
  private final List<Column> columns;

  /// @param member of the answer that shows what was changed, as it stands now
  AskedChange(Terminal terminal, String member, List<Column> columns) {
    super(terminal);
    this.member = member;
    this.columns = columns;
  }

  ExitCode change(String path, Json.Members body) {
    show(send(api(), path, body.with("dry_run", new Json.Bool(dryRun))));
    return ExitCode.OK;
  }

  /// How the change is sent, and asked about.
  Json send(AdminApi api, String path, Json body) {
    return api.post(path, body);
  }

  /// First the dry run, for the person to read; then the question; then the change.
  ExitCode changeAfterAsking(String path, Json.Members body, String question) {
    if (dryRun || yes) {
      return change(path, body);
    }
    if (!terminal.interactive()) {
      throw usage("Expected --yes or --dry-run: nobody is at a terminal who could be asked.");
    }
    var api = api();
    effects(send(api, path, body.with("dry_run", new Json.Bool(true))));
    if (!terminal.confirms(question)) {
      throw new CliException(ExitCode.ERROR, "Nothing was changed.");
    }
    var done = send(api, path, body.with("dry_run", new Json.Bool(false)));
    if (printer().isForPeople()) {
      terminal.err().println("Done.");
      printer().one(shown(done), columns);
    } else {
      show(done);
    }
    return ExitCode.OK;
  }

  private void show(Json change) {
    if (printer().isForPeople()) {
      effects(change);
      printer().one(shown(change), columns);
    } else if (format == Format.CSV) {
      printer().one(shown(change), columns);
    } else {
      printer().one(change, columns);
    }
  }

  private Json shown(Json change) {
    return member.isEmpty() ? change : change.get(member);
  }

  private void effects(Json change) {
    if (change.get("dry_run").isTrue()) {
      terminal.err().println("This would happen:");
    }
    change.get("effects").forEach(each -> terminal.err().println("- " + Printable.of(each.text())));
  }
}
