package dev.ingam.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "proofs",
    description = {
      "Theft proofs: keys that signed tokens which we never issued, and what was done about each.",
      "With --evidence the forged tokens one by one, without the tokens."
    })
final class ProofsCommand extends AdminCommand {
  private static final List<Column> THEFTS =
      List.of(
          Column.text("kid").titled("STOLEN KEY"),
          Column.text("forged_tokens"),
          Column.text("unknown_subjects"),
          Column.time("first_at").titled("FIRST"),
          Column.time("tainted_at").titled("TAINTED"),
          Column.time("replaced_at").titled("REPLACED"),
          Column.text("new_active_kids").titled("BY"));

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
      defaultValue = "0",
      paramLabel = "ID",
      description = "With --evidence: only those with a greater number (default: 0)")
  long after;

  @Option(
      names = "--limit",
      defaultValue = "100",
      paramLabel = "N",
      description = "With --evidence: at most so many, 1 to 1000 (default: 100)")
  int limit;

  ProofsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode run() {
    if (after < 0 || limit < 1 || limit > 1000) {
      throw usage("Expected --after of 0 or more and --limit of 1 to 1000.");
    }
    if (evidence) {
      var answer = api().get("/admin/proofs/evidence?after=" + after + "&limit=" + limit);
      printer()
          .list(
              answer.get("evidence").items(),
              EVIDENCE,
              "There is no evidence after " + after + ".");
    } else {
      var thefts = api().get("/admin/proofs").get("proofs").items();
      printer().list(thefts, THEFTS, "No theft has been proven.");
    }
    return ExitCode.OK;
  }
}
