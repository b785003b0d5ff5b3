package dev.ingam.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = {
      "What is wrong, since when, and what to type next.",
      "Exit code 3 when a person is needed, also when no server answers. As CSV: the problems."
    })
final class StatusCommand extends AdminCommand {
  private static final List<Column> KEYS =
      List.of(
          Column.text("set").titled("KEY SET"),
          Column.text("kid").titled("ACTIVE KEY"),
          Column.text("algorithm"),
          Column.time("signs_until"),
          Column.text("reserve_kid").titled("RESERVE KEY"));

  /// What a script reads line by line: the problems.
  private static final List<Column> PROBLEMS =
      List.of(
          Column.text("code"), Column.time("since"), Column.text("what"), Column.text("do_next"));

  StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode run() {
    Json status;
    try {
      status = api().get("/admin/status");
    } catch (CliException e) {
      if (e.exitCode() != ExitCode.TRY_AGAIN) {
        throw e;
      }
      status = unreachable(e);
    }
    var problems = status.get("problems").items();
    switch (format) {
      case TABLE -> show(status);
      case CSV -> printer().list(problems, PROBLEMS, "");
      case JSON, NDJSON -> printer().one(status, PROBLEMS);
    }
    return problems.isEmpty() ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private Json unreachable(CliException e) {
    var problem =
        Json.object()
            .with("code", "no_answer")
            .with("what", e.getMessage())
            .with(
                "do_next",
                server.url == null
                    ? "ingam serve --data-dir " + server.dataDir
                    : "see that a server runs at " + server.url + " and look into its log")
            .with("runbook", "docs/runbook/no_answer.md");
    return Json.object()
        .with("state", "attention")
        .with("problems", new Json.Items(List.of(problem)));
  }

  private void show(Json status) {
    var problems = status.get("problems").items();
    if (problems.isEmpty()) {
      terminal.out().println(terminal.green("ok") + "  nothing needs a person");
    }
    problems.forEach(this::showProblem);
    if (!status.get("keys").items().isEmpty()) {
      terminal.out().println();
      new Printer(terminal, Format.TABLE).list(status.get("keys").items(), KEYS, "");
    }
    showRest(status);
  }

  private void showProblem(Json problem) {
    terminal
        .out()
        .println(terminal.red("problem") + "  " + Printable.of(problem.get("what").text()));
    var since = problem.get("since").text();
    if (!since.isEmpty()) {
      terminal.out().println("  since  " + Times.shown(since) + age(since));
    }
    terminal
        .out()
        .println("  next   " + terminal.bold(Printable.of(problem.get("do_next").text())));
    var page = problem.get("runbook").text();
    if (!page.isEmpty()) {
      terminal.out().println("  page   " + Printable.of(page));
    }
  }

  private String age(String since) {
    try {
      return ", "
          + Times.ago(Duration.between(Instant.parse(since), terminal.clock().instant()))
          + " ago";
    } catch (DateTimeException e) {
      return "";
    }
  }

  private void showRest(Json status) {
    var columns =
        List.of(
            Column.text("issuer"),
            Column.text("installation"),
            Column.text("version"),
            Column.time("started_at").titled("RUNS SINCE"),
            new Column("crypto", "CRYPTO", StatusCommand::pairs),
            new Column("ledger", "LEDGER", StatusCommand::pairs));
    if (!status.get("issuer").isAbsent()) {
      terminal.out().println();
      new Printer(terminal, Format.TABLE).one(status, columns);
    }
  }

  private static String pairs(Json value) {
    if (!(value instanceof Json.Members members)) {
      return value.text();
    }
    return String.join(
        ", ",
        members.values().entrySet().stream()
            .filter(each -> !each.getValue().isAbsent())
            .map(each -> each.getKey().replace('_', ' ') + " " + each.getValue().text())
            .toList());
  }
}
