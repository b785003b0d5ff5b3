package dev.ingam.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "proofs",
    description = {
      "Theft proofs: keys that signed tokens which we never issued, and what was done about each.",
      "With --evidence the forged tokens one by one, without the tokens.",
      "When somebody has taken a theft up: ingam proofs acknowledge KID --reason TEXT"
    })
final class ProofsCommand extends AdminCommand {
  private static final List<Column> THEFTS =
      List.of(
          Column.text("kid").titled("STOLEN KEY"),
          Column.text("forged_tokens"),
          Column.text("unknown_subjects"),
          Column.text("unchecked_subjects"),
          Column.time("first_at").titled("FIRST"),
          Column.time("last_at").titled("LAST"),
          Column.text("domain"),
          Column.time("tainted_at").titled("TAINTED"),
          Column.time("replaced_at").titled("REPLACED"),
          Column.text("new_active_kids").titled("REPLACED BY"),
          Column.time("acknowledged_at").titled("ACKNOWLEDGED"),
          Column.text("acknowledged_by").titled("BY"),
          Column.text("acknowledged_why").titled("WHY"),
          Column.text("acknowledged_tokens").titled("OF FORGED TOKENS"));

  private static final List<Column> EVIDENCE =
      List.of(
          Column.text("id"),
          Column.time("found_at").titled("WHEN"),
          Column.text("kid").titled("KEY"),
          Column.text("finding"),
          Column.text("asked_by"),
          Column.text("serial"),
          Column.text("subject_known").titled("SUBJECT EXISTS"));

  @Option(names = "--evidence", description = "The forged tokens one by one")
  boolean evidence;

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "With --evidence: only those with a greater number (default: 0)")
  @Nullable Long after;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --evidence: at most so many, 1 to 1000 (default: 100)")
  @Nullable Integer limit;

  ProofsCommand(Terminal terminal) {
    super(terminal);
  }

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new ProofsCommand(terminal))
        .addSubcommand(new AcknowledgeCommand(terminal));
  }

  @Override
  ExitCode run() {
    if (evidence) {
      return evidence(new Page(after == null ? 0 : after, limit == null ? Page.USUAL : limit));
    }
    if (after != null || limit != null) {
      throw usage("Expected --after and --limit with --evidence: there is one line for each key.");
    }
    var thefts = api().get("/admin/proofs").get("proofs").items();
    printer().blocks(thefts, THEFTS, "No theft has been proven.");
    return ExitCode.OK;
  }

  private ExitCode evidence(Page page) {
    page.check(this);
    var found = api().get("/admin/proofs/evidence?" + page.query()).get("evidence").items();
    printer().list(found, EVIDENCE, "There is no evidence after " + page.after() + ".");
    page.sayWhatFollows(this, found, "id");
    return ExitCode.OK;
  }
}
