package dev.ingam.cli;

import picocli.CommandLine.Option;

/// A command that moves a key. The server says what will happen; nothing here knows the rules.
abstract class KeyChange extends AdminCommand {
  @Option(names = "--dry-run", description = "Say what would happen and change nothing")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask; for scripts")
  boolean yes;

  KeyChange(Terminal terminal) {
    super(terminal);
  }

  ExitCode change(String path, Json.Members body) {
    show(api().post(path, body.with("dry_run", new Json.Bool(dryRun))));
    return ExitCode.OK;
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
    effects(api.post(path, body.with("dry_run", new Json.Bool(true))));
    if (!terminal.confirms(question)) {
      throw new CliException(ExitCode.ERROR, "Nothing was changed.");
    }
    var done = api.post(path, body.with("dry_run", new Json.Bool(false)));
    if (printer().isForPeople()) {
      terminal.err().println("Done.");
      printer().one(done.get("key"), KeyCommands.ALL_COLUMNS);
    } else {
      show(done);
    }
    return ExitCode.OK;
  }

  private void show(Json change) {
    if (printer().isForPeople()) {
      effects(change);
      printer().one(change.get("key"), KeyCommands.ALL_COLUMNS);
    } else if (format == Format.CSV) {
      printer().one(change.get("key"), KeyCommands.ALL_COLUMNS);
    } else {
      printer().one(change, KeyCommands.ALL_COLUMNS);
    }
  }

  private void effects(Json change) {
    if (change.get("dry_run").isTrue()) {
      terminal.err().println("This would happen:");
    }
    change.get("effects").forEach(each -> terminal.err().println("- " + Printable.of(each.text())));
  }
}
