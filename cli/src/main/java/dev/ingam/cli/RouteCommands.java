package dev.ingam.cli;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam routes …`: what the gate lets through to whom.
@Command(
    name = "routes",
    synopsisSubcommandLabel = "COMMAND",
    description = "Routes of the gate. A request that fits none is held to the strictest.")
final class RouteCommands {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("id"),
          Column.text("method"),
          Column.text("path"),
          Column.text("audience"),
          Column.text("scopes"),
          Column.text("data"),
          Column.flag("single_use"),
          Column.flag("clients"),
          Column.flag("bound"));

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new RouteCommands())
        .addSubcommand(new ListRoutes(terminal))
        .addSubcommand(new AddRoute(terminal))
        .addSubcommand(new RemoveRoute(terminal));
  }

  @Command(name = "list", description = "All routes.")
  static final class ListRoutes extends AdminCommand {
    ListRoutes(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var routes = api().get("/admin/routes").get("routes").items();
      printer().list(routes, COLUMNS, "There is no route yet. Make one: ingam routes add");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "add",
      description = {
        "Adds a route.",
        "For example:",
        "  ingam routes add GET '/orders/*' --audience https://orders.example --scope orders:read"
      })
  static final class AddRoute extends AdminCommand {
    @Parameters(index = "0", paramLabel = "METHOD", description = "HTTP method")
    String method = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "Path or pattern")
    String path = "";

    @Option(
        names = "--audience",
        required = true,
        paramLabel = "AUDIENCE",
        description = "Audience of the tokens it takes")
    String audience = "";

    @Option(
        names = "--scope",
        split = ",",
        paramLabel = "SCOPE",
        description = "Scope that the token must have; may be repeated")
    @Nullable List<String> scopes;

    @Option(
        names = "--data",
        defaultValue = "personal",
        paramLabel = "CLASS",
        description = "none, internal or personal (default: personal, the strictest)")
    String data = "personal";

    @Option(names = "--single-use", description = "Every token is accepted here once")
    boolean singleUse;

    @Option(
        names = "--clients",
        description = "Also take tokens of clients that act for themselves")
    boolean clients;

    @Option(
        names = "--bound",
        description = "Take no token that is not bound to its sender, by DPoP or a certificate")
    boolean bound;

    @Option(names = "--dry-run", description = "Print what would be sent and send nothing")
    boolean dryRun;

    AddRoute(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var route =
          Json.object()
              .with("method", method.toUpperCase(Locale.ROOT))
              .with("path", path)
              .with("audience", audience)
              .with("scopes", Json.texts(scopes == null ? List.of() : scopes))
              .with("data", data)
              .with("single_use", new Json.Bool(singleUse))
              .with("clients", new Json.Bool(clients))
              .with("bound", new Json.Bool(bound));
      if (dryRun) {
        terminal.err().println("Would send POST /admin/routes");
        terminal.out().println(route.pretty());
      } else {
        printer().one(api().post("/admin/routes", route), COLUMNS);
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "remove",
      description =
          "Removes a route. Requests that it let through then fit none, and are held to the strictest.")
  static final class RemoveRoute extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "The route's id")
    String id = "";

    @Option(names = "--dry-run", description = "Say what would be sent and send nothing")
    boolean dryRun;

    RemoveRoute(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var path = "/admin/routes/" + AdminApi.id(id);
      if (dryRun) {
        terminal.err().println("Would send DELETE " + path);
      } else {
        api().delete(path);
        terminal.progress("Removed.");
      }
      return ExitCode.OK;
    }
  }
}
