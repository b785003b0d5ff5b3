package dev.ingam.cli;

import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "proofs",
    description = "Theft proofs: validly signed tokens that we never issued, newest first.")
final class ProofsCommand extends AdminCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.time("at").titled("WHEN"),
          Column.text("kid").titled("KEY"),
          Column.text("reason"),
          Column.text("caller"),
          Column.text("count"));

  ProofsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode run() {
    var proofs = api().get("/admin/proofs").get("proofs").items();
    printer().list(proofs, COLUMNS, "No theft has been proven.");
    return ExitCode.OK;
  }
}
