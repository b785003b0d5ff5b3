package dev.ingam.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam audiences …`: what the server decides for an audience.
@Command(
    name = "audiences",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Audiences with a policy of their own: which key set signs their tokens, what data these open, and how much proof they need. Others have the default.")
final class AudienceCommands {
  static final String PATH = "/admin/audiences";

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("audience"),
          Column.text("key_set"),
          Column.text("data"),
          Column.text("trust"),
          Column.time("trust_until").titled("UNTIL"),
          new Column("observed", "WOULD BE REFUSED", AudienceCommands::counts),
          Column.text("version"));

  /// `not_issued 3, ledger_doubt 1`.
  private static String counts(Json value) {
    return value instanceof Json.Members members
        ? members.values().entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue().text())
            .collect(Collectors.joining(", "))
        : value.text();
  }

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
              "No audience has a policy; the default holds for all: key set access, both proofs required.");
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
        "Gives an audience a policy, or changes the one that it has.",
        "For example:",
        "  ingam audiences set https://old.example --key-set legacy",
        "  ingam audiences set https://api.example --data internal --trust observe --until 7d --reason 'first day'",
        "What is not named stays as it is."
      })
  static final class SetAudience extends AskedChange {
    @Parameters(paramLabel = "AUDIENCE", description = "The audience (aud) of its tokens")
    String audience = "";

    @Option(
        names = "--key-set",
        paramLabel = "SET",
        description = "The key set that signs its tokens: access, or legacy")
    @Nullable String keySet;

    @Option(
        names = "--data",
        paramLabel = "CLASS",
        description =
            "What its tokens open at most: none, internal or personal (without a policy: personal)")
    @Nullable String data;

    @Option(
        names = "--trust",
        paramLabel = "LEVEL",
        description = {
          "required: a good signature and the ledger's entry (without a policy).",
          "observe: accept and count what the ledger would refuse for want of an entry.",
          "off: do not ask the ledger. Never for personal data."
        })
    @Nullable String trust;

    @Option(
        names = "--until",
        paramLabel = "TIME",
        description =
            "When observe or off ends by itself: 7d, 12h, or a time (default and at most: 14d)")
    @Nullable String until;

    @Option(
        names = {"--reason", "--why"},
        paramLabel = "TEXT",
        description = "Why the trust level is lowered; goes into the event")
    @Nullable String reason;

    SetAudience(Terminal terminal) {
      super(terminal, "policy", COLUMNS);
    }

    @Override
    ExitCode run() {
      if (keySet == null && data == null && trust == null) {
        throw usage("Expected --key-set, --data or --trust; came none of them.");
      }
      var policy = Json.object().with("audience", audience);
      policy = with(policy, "key_set", keySet);
      policy = with(policy, "data", data);
      policy = with(policy, "trust", trust);
      policy = with(policy, "until", until == null ? null : end(until));
      policy = with(policy, "why", reason);
      var version = version(api());
      var body = version.isPresent() ? policy.with("version", version.get()) : policy;
      return trust == null || trust.equals("required")
          ? change(PATH, body)
          : changeAfterAsking(PATH, body, "Give that up for " + Printable.of(audience) + "?");
    }

    @Override
    Json send(AdminApi api, String path, Json body) {
      return api.put(path, body);
    }

    private static Json.Members with(Json.Members body, String member, @Nullable String value) {
      return value == null ? body : body.with(member, value);
    }

    /// A duration from now, or a time as it came: the server says whether it is one.
    private String end(String text) {
      return Times.parse(text)
          .map(duration -> terminal.clock().instant().plus(duration).toString())
          .orElse(text);
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
          "Deletes an audience's policy. The default holds from then on: key set access, both proofs required.")
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
