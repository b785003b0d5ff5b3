package dev.ingam.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam keys …`: the signing keys and what may be done to them.
@Command(
    name = "keys",
    synopsisSubcommandLabel = "COMMAND",
    description = "Signing keys: what there is, and the moves of their life.")
final class KeyCommands {
  static final List<Column> COLUMNS =
      List.of(
          Column.text("kid"),
          Column.text("set"),
          Column.text("algorithm"),
          Column.text("state"),
          Column.flag("reserve"),
          Column.text("domain"),
          Column.text("store"),
          Column.time("signs_until"),
          Column.text("signatures"));

  static final List<Column> ALL_COLUMNS =
      List.of(
          Column.text("kid"),
          Column.text("set"),
          Column.text("purpose"),
          Column.text("algorithm"),
          Column.text("domain"),
          Column.text("state"),
          Column.flag("reserve"),
          Column.time("created_at"),
          Column.time("activated_at"),
          Column.time("signs_until"),
          Column.time("verifies_until"),
          Column.time("tainted_at"),
          Column.text("why"),
          Column.text("store"),
          Column.text("device"),
          Column.flag("extractable"),
          Column.text("signatures"),
          Column.text("counted_by"),
          Column.text("birth_certificate"),
          Column.text("version"));

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new KeyCommands())
        .addSubcommand(new ListKeys(terminal))
        .addSubcommand(new ShowKey(terminal))
        .addSubcommand(new RotateKeys(terminal))
        .addSubcommand(new PrepareKey(terminal))
        .addSubcommand(new ActivateKey(terminal))
        .addSubcommand(new TaintKey(terminal))
        .addSubcommand(new RevokeKey(terminal));
  }

  private static String path(AdminApi api, String typed) {
    return "/admin/keys/" + AdminApi.id(kid(api, typed));
  }

  /// The id of the one key whose id begins with what was typed.
  static String kid(AdminApi api, String typed) {
    var kids =
        api.get("/admin/keys").get("keys").items().stream().map(key -> key.get("kid").text());
    var found = kids.filter(kid -> kid.startsWith(typed)).toList();
    if (found.size() == 1 && (typed.length() >= 4 || typed.equals(found.getFirst()))) {
      return found.getFirst();
    }
    throw new CliException(
        ExitCode.ERROR,
        found.size() > 1 || typed.length() < 4
            ? String.format(
                Locale.ROOT,
                "Expected enough of a key's id (at least 4 characters) to mean one key; \"%s\" fits %d. See: ingam keys list",
                Printable.of(typed),
                found.size())
            : String.format(
                Locale.ROOT,
                "Expected the id of a key, or its first characters; no key's id begins with \"%s\". See: ingam keys list",
                Printable.of(typed)));
  }

  @Command(name = "list", description = "All keys, newest first.")
  static final class ListKeys extends AdminCommand {
    ListKeys(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      printer().list(api().get("/admin/keys").get("keys").items(), COLUMNS, "There is no key yet.");
      return ExitCode.OK;
    }
  }

  @Command(name = "show", description = "One key.")
  static final class ShowKey extends AdminCommand {
    @Parameters(
        paramLabel = "KID",
        converter = TypedId.class,
        description = "The key's id, or its first characters")
    String kid = "";

    ShowKey(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var api = api();
      printer().one(api.get(path(api, kid)), ALL_COLUMNS);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "rotate",
      description = {
        "Makes the next key of a set the signing key.",
        "Before it has been published long enough this needs --now, and says which verifiers may refuse."
      })
  static final class RotateKeys extends KeyChange {
    @Parameters(
        paramLabel = "SET",
        arity = "0..1",
        defaultValue = "access",
        description = "Key set: access (the default), or legacy")
    String set = "access";

    @Option(names = "--now", description = "Do not wait until every verifier's cache is fresh")
    boolean now;

    RotateKeys(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var path = "/admin/key-sets/" + AdminApi.id(set) + "/rotate";
      var body = Json.object().with("now", new Json.Bool(now));
      return now ? changeAfterAsking(path, body, "Rotate " + set + " now?") : change(path, body);
    }
  }

  @Command(name = "prepare", description = "Makes and publishes the next key of a set.")
  static final class PrepareKey extends KeyChange {
    @Parameters(
        paramLabel = "SET",
        arity = "0..1",
        defaultValue = "access",
        description = "Key set: access (the default), or legacy")
    String set = "access";

    PrepareKey(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      return change("/admin/key-sets/" + AdminApi.id(set) + "/prepare", Json.object());
    }
  }

  @Command(name = "activate", description = "Lets a prepared key sign, in place of the active one.")
  static final class ActivateKey extends KeyChange {
    @Parameters(
        paramLabel = "KID",
        converter = TypedId.class,
        description = "The key's id, or its first characters")
    String kid = "";

    ActivateKey(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      return change(path(api(), kid) + "/activate", Json.object());
    }
  }

  @Command(
      name = "taint",
      description = {
        "Stops a key for good: it signs no more. Tokens that we issued with it stay good until they expire.",
        "For a key that may be in wrong hands."
      })
  static final class TaintKey extends KeyChange {
    @Parameters(
        paramLabel = "KID",
        converter = TypedId.class,
        description = "The key's id, or its first characters")
    String kid = "";

    @Option(
        names = "--why",
        required = true,
        paramLabel = "TEXT",
        description = "Kept in the key's event")
    String why = "";

    TaintKey(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var body = Json.object().with("why", why);
      return changeAfterAsking(path(api(), kid) + "/taint", body, "Taint this key?");
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Ends a key and everything that it signed: whoever holds a token of it must log in again.",
        "When only the key is in doubt, taint is enough: the ledger knows the honest tokens."
      })
  static final class RevokeKey extends KeyChange {
    @Parameters(
        paramLabel = "KID",
        converter = TypedId.class,
        description = "The key's id, or its first characters")
    String kid = "";

    @Option(
        names = "--why",
        required = true,
        paramLabel = "TEXT",
        description = "Kept in the key's event")
    String why = "";

    RevokeKey(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var body = Json.object().with("why", why);
      return changeAfterAsking(path(api(), kid) + "/revoke", body, "Revoke this key?");
    }
  }
}
