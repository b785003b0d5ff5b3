package dev.ingam.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ingam revoke`, `ingam watermarks`, `ingam sessions`: what was issued, taken back.
final class RevocationCommands {
  private static final int MAX_SUBJECT = 200;

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("id"),
          Column.text("target"),
          Column.text("value"),
          Column.text("before"),
          Column.time("made_at").titled("MADE"),
          Column.flag("live"),
          Column.flag("intact"),
          Column.text("actor"),
          Column.text("why"));

  private RevocationCommands() {}

  static void addTo(CommandLine root, Terminal terminal) {
    root.addSubcommand(new Revoke(terminal))
        .addSubcommand(
            new CommandLine(new Watermarks()).addSubcommand(new ListWatermarks(terminal)))
        .addSubcommand(new CommandLine(new Sessions()).addSubcommand(new EndSessions(terminal)));
  }

  /// A subject as it was given, or, for `-`, from standard input: the command line is for every
  /// process on the host to read.
  private static String subject(AdminCommand command, String given) {
    if (!"-".equals(given)) {
      return given;
    }
    try {
      var bytes = command.terminal.in().readNBytes(MAX_SUBJECT);
      return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected a subject on standard input; reading failed: " + e, e);
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Revokes everything that was issued before a moment.",
        "For example:",
        "  ingam revoke --before now --client billing --reason 'laptop stolen'",
        "--before now is told by the ledger and needs no clock; an earlier time goes by the tokens' own, and a minute more."
      })
  static final class Revoke extends AskedChange {
    /// Whose tokens; exactly one.
    static final class Whose {
      @Option(names = "--all", description = "Everybody's, and all sessions")
      boolean all;

      @Option(names = "--key", paramLabel = "KID", description = "Those that this key signed")
      String key = "";

      @Option(
          names = "--client",
          paramLabel = "ID",
          description = "This client's, and the sessions that it opened")
      String client = "";

      @Option(
          names = "--subject",
          paramLabel = "S",
          description = "This subject's, and its sessions; - for standard input")
      String subject = "";
    }

    @ArgGroup(multiplicity = "1")
    Whose whose = new Whose();

    @Option(
        names = "--before",
        required = true,
        paramLabel = "now|TIME",
        description = "now, or a time like 2026-11-25T09:00:00Z")
    String before = "";

    @Option(
        names = {"--reason", "--why"},
        required = true,
        paramLabel = "TEXT",
        description = "Goes into the event")
    String reason = "";

    Revoke(Terminal terminal) {
      super(terminal, "watermark", COLUMNS);
    }

    @Override
    ExitCode run() {
      var body = target(Json.object().with("before", before)).with("why", reason);
      return changeAfterAsking("/admin/watermarks", body, "Revoke these tokens?");
    }

    private Json.Members target(Json.Members body) {
      if (whose.all) {
        return body.with("target", "all");
      }
      if (!whose.key.isEmpty()) {
        return body.with("target", "key").with("value", whose.key);
      }
      return whose.client.isEmpty()
          ? body.with("target", "subject").with("value", subject(this, whose.subject))
          : body.with("target", "client").with("value", whose.client);
    }
  }

  @Command(
      name = "watermarks",
      synopsisSubcommandLabel = "COMMAND",
      description = "What was revoked because it was issued before; made by ingam revoke.")
  static final class Watermarks {}

  @Command(name = "list", description = "Watermarks, newest first, history too.")
  static final class ListWatermarks extends AdminCommand {
    @Option(
        names = "--limit",
        defaultValue = "100",
        paramLabel = "N",
        description = "So many at most (default: 100, at most 1000)")
    int limit = 100;

    ListWatermarks(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var list = api().get("/admin/watermarks?limit=" + limit).get("watermarks").items();
      printer().list(list, COLUMNS, "Nothing was revoked so yet. See: ingam revoke --help");
      return ExitCode.OK;
    }
  }

  @Command(name = "sessions", synopsisSubcommandLabel = "COMMAND", description = "Log-in sessions.")
  static final class Sessions {}

  @Command(
      name = "end",
      description = {
        "Ends all sessions of a subject. Its tokens live out their minutes;",
        "to end those too: ingam revoke --before now --subject"
      })
  static final class EndSessions extends AskedChange {
    @Option(
        names = "--subject",
        required = true,
        paramLabel = "S",
        description = "Whose; - for standard input")
    String subject = "";

    @Option(
        names = {"--reason", "--why"},
        required = true,
        paramLabel = "TEXT",
        description = "Goes into the events")
    String reason = "";

    EndSessions(Terminal terminal) {
      super(terminal, "", List.of(Column.text("sessions_ended").titled("SESSIONS ENDED")));
    }

    @Override
    ExitCode run() {
      var body = Json.object().with("subject", subject(this, subject)).with("why", reason);
      return changeAfterAsking("/admin/sessions/end", body, "End these sessions?");
    }
  }
}
