package dev.ingam.cli;

import dev.ingam.wire.Serial;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ingam ledger …`: what the issuance ledger holds.
@Command(name = "ledger", synopsisSubcommandLabel = "COMMAND", description = "The issuance ledger.")
final class LedgerCommands {
  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new LedgerCommands()).addSubcommand(new ShowEntry(terminal));
  }

  @Command(
      name = "show",
      description = "What the ledger holds under a serial (the jti of a token).")
  static final class ShowEntry extends AdminCommand {
    private static final List<Column> COLUMNS =
        List.of(
            Column.text("serial"),
            Column.text("book"),
            Column.text("slot"),
            Column.text("state"),
            Column.text("kid").titled("KEY"),
            Column.flag("single_use"),
            Column.text("subject"),
            Column.text("client"),
            Column.time("issued_at").titled("ISSUED"),
            Column.time("expires_at").titled("EXPIRES"));

    @Parameters(
        paramLabel = "SERIAL",
        converter = TypedId.class,
        description = "22 characters, the jti of a token")
    String serial = "";

    ShowEntry(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      if (Serial.parse(serial) == null) {
        throw usage(
            String.format(
                Locale.ROOT,
                "Expected a serial, 22 characters of base64url (the jti of a token; ingam token inspect shows it); came \"%s\".",
                Printable.of(serial)));
      }
      printer().one(api().get("/admin/ledger/" + AdminApi.encoded(serial)), COLUMNS);
      return ExitCode.OK;
    }
  }
}
