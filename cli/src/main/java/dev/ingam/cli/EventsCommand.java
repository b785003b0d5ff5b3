package dev.ingam.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    description = {
      "What happened, oldest first. Each event has a number without gaps.",
      "Go on where you stopped: --after with the last number."
    })
final class EventsCommand extends AdminCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("seq"),
          Column.time("at"),
          Column.text("type"),
          Column.text("actor"),
          new Column("body", "WHAT", EventsCommand::body));

  @Option(
      names = "--schema",
      defaultValue = "keys",
      paramLabel = "NAME",
      description = "keys or issuance (default: keys)")
  String schema = "keys";

  @Option(
      names = "--after",
      defaultValue = "0",
      paramLabel = "SEQ",
      description = "Only events with a greater number (default: 0)")
  long after;

  @Option(
      names = "--limit",
      defaultValue = "100",
      paramLabel = "N",
      description = "At most so many, 1 to 1000 (default: 100)")
  int limit;

  EventsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode run() {
    var page = new Page(after, limit);
    page.check(this);
    var path = "/admin/events?schema=" + AdminApi.encoded(schema) + "&" + page.query();
    var events = api().get(path).get("events").items();
    printer().list(events, COLUMNS, "There is no event after " + after + ".");
    page.sayWhatFollows(this, events, "seq");
    return ExitCode.OK;
  }

  private static String body(Json body) {
    if (!(body instanceof Json.Members members)) {
      return body.text();
    }
    return String.join(
        " ",
        members.values().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue().text())
            .toList());
  }
}
