package dev.ingam.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam clients …`: who may ask for tokens, deliver log-ins or ask the ledger.
@Command(
    name = "clients",
    synopsisSubcommandLabel = "COMMAND",
    description = "Clients: who may ask for tokens, deliver log-ins, ask the ledger.")
final class ClientCommands {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("id"),
          Column.text("authentication"),
          Column.text("rights"),
          Column.text("audiences"),
          Column.text("scopes"),
          Column.seconds("token_lifetime_seconds", "LIFETIME"),
          Column.flag("single_use"),
          Column.text("sender_constraint"),
          Column.flag("enabled"));

  static final List<Column> ALL_COLUMNS =
      Stream.concat(
              COLUMNS.stream(),
              Stream.of(
                  new Column("jwks", "KEYS", ClientCommands::keyIds),
                  Column.text("tls_client_auth_san_dns").titled("CERTIFICATE DNS"),
                  Column.text("tls_client_auth_san_uri").titled("CERTIFICATE URI"),
                  Column.text("certificate_thumbprints").titled("CERTIFICATES"),
                  Column.text("version")))
          .toList();

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new ClientCommands())
        .addSubcommand(new ListClients(terminal))
        .addSubcommand(new ShowClient(terminal))
        .addSubcommand(new CreateClient(terminal))
        .addSubcommand(new UpdateClient(terminal))
        .addSubcommand(new DisableClient(terminal))
        .addSubcommand(new ClientSecret(terminal));
  }

  private static String keyIds(Json jwks) {
    return String.join(
        " ",
        jwks.get("keys").items().stream()
            .map(key -> key.get("kty").text() + ":" + key.get("kid").text())
            .toList());
  }

  private static String path(String id) {
    return "/admin/clients/" + AdminApi.id(id);
  }

  /// What may be said about a client when it is made or changed.
  static final class ClientOptions {
    @Option(
        names = "--right",
        split = ",",
        paramLabel = "RIGHT",
        description =
            "client_credentials, token_exchange, login_events, ledger, introspection or gate; may be"
                + " repeated")
    @Nullable List<String> rights;

    @Option(
        names = "--scope",
        split = ",",
        paramLabel = "SCOPE",
        description = "Scope that it may ask for; may be repeated")
    @Nullable List<String> scopes;

    @Option(
        names = "--audience",
        split = ",",
        paramLabel = "AUDIENCE",
        description = "Audience that it may ask for; may be repeated")
    @Nullable List<String> audiences;

    @Option(
        names = "--lifetime",
        paramLabel = "DURATION",
        description = "Life of its tokens, such as 5m; at most 15m (default: 5m)")
    @Nullable String lifetime;

    @Option(
        names = "--single-use",
        negatable = true,
        fallbackValue = "true",
        description = "Each of its tokens is accepted once")
    @Nullable Boolean singleUse;

    @Option(
        names = "--sender-constraint",
        paramLabel = "HOW",
        description =
            "What its tokens must be bound to: none (the default; a DPoP proof binds all the same),"
                + " dpop or certificate")
    @Nullable String senderConstraint;

    @Option(
        names = "--key-file",
        paramLabel = "FILE",
        description =
            "Its public keys (private_key_jwt): a JWK set, a JWK or a PEM public key; may be repeated")
    @Nullable List<Path> keyFiles;

    @Option(
        names = "--tls-san-dns",
        paramLabel = "NAME",
        description = "DNS name in its certificate under the server's client-ca (tls_client_auth)")
    @Nullable String sanDns;

    @Option(
        names = "--tls-san-uri",
        paramLabel = "URI",
        description = "URI in its certificate under the server's client-ca (tls_client_auth)")
    @Nullable String sanUri;

    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        description =
            "Its own certificate, PEM, whoever issued it (self_signed_tls_client_auth); may be repeated")
    @Nullable List<Path> certificates;

    /// Whether nothing was said.
    boolean isEmpty() {
      return rights == null
          && scopes == null
          && audiences == null
          && lifetime == null
          && singleUse == null
          && senderConstraint == null
          && keyFiles == null
          && sanDns == null
          && sanUri == null
          && certificates == null;
    }

    /// The one way to prove who it is that was named; a secret when none was.
    String authentication() {
      var ways = new ArrayList<String>();
      if (keyFiles != null) {
        ways.add("private_key_jwt");
      }
      if (sanDns != null || sanUri != null) {
        ways.add("tls_client_auth");
      }
      if (certificates != null) {
        ways.add("self_signed_tls_client_auth");
      }
      if (ways.size() > 1 || (sanDns != null && sanUri != null)) {
        throw new CliException(
            ExitCode.USAGE,
            "Expected one of --key-file, --tls-san-dns, --tls-san-uri and --certificate.");
      }
      return ways.isEmpty() ? "client_secret" : ways.getFirst();
    }

    private Json.Members withCertificate(Json.Members to) {
      var client = sanDns == null ? to : to.with("tls_client_auth_san_dns", new Json.Text(sanDns));
      client =
          sanUri == null ? client : client.with("tls_client_auth_san_uri", new Json.Text(sanUri));
      return certificates == null
          ? client
          : client.with("certificate_thumbprints", ClientCertificateFile.thumbprints(certificates));
    }

    /// The object with these members set; what was not said stays.
    Json.Members applied(Json.Members to) {
      var client = withCertificate(to);
      client = rights == null ? client : client.with("rights", Json.texts(rights));
      client = scopes == null ? client : client.with("scopes", Json.texts(nonEmpty(scopes)));
      client =
          audiences == null ? client : client.with("audiences", Json.texts(nonEmpty(audiences)));
      client =
          lifetime == null
              ? client
              : client.with("token_lifetime_seconds", new Json.Numeral(seconds(lifetime)));
      client = singleUse == null ? client : client.with("single_use", new Json.Bool(singleUse));
      client =
          senderConstraint == null
              ? client
              : client.with("sender_constraint", new Json.Text(senderConstraint));
      return keyFiles == null ? client : client.with("jwks", PublicKeyFile.readAll(keyFiles));
    }

    private static List<String> nonEmpty(List<String> values) {
      return values.stream().filter(each -> !each.isEmpty()).toList();
    }

    private static String seconds(String lifetime) {
      return Times.parse(lifetime)
          .map(duration -> Long.toString(duration.toSeconds()))
          .orElseThrow(() ->
              new CliException(
                  ExitCode.USAGE,
                  String.format(
                      Locale.ROOT,
                      "Expected --lifetime as a number with s, m, h or d, such as 5m; came \"%s\".",
                      Printable.of(lifetime))));
    }
  }

  @Command(name = "list", description = "All clients.")
  static final class ListClients extends AdminCommand {
    ListClients(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var clients = api().get("/admin/clients").get("clients").items();
      printer().list(clients, COLUMNS, "There is no client yet. Make one: ingam clients create");
      return ExitCode.OK;
    }
  }

  @Command(name = "show", description = "One client.")
  static final class ShowClient extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "The client's id")
    String id = "";

    ShowClient(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      printer().one(api().get(path(id)), ALL_COLUMNS);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "create",
      description = {
        "Makes a client.",
        "With --key-file it proves itself by its private key (private_key_jwt), with --tls-san-dns,",
        "--tls-san-uri or --certificate by a certificate in TLS; without any of them the server makes",
        "a secret of 256 bits, which is shown once."
      })
  static final class CreateClient extends ClientChange {
    @Parameters(
        paramLabel = "ID",
        description = "Lower-case letters, digits, '.', '_', '-'; at most 40")
    String id = "";

    @ArgGroup(validate = false, heading = "%nThe client:%n")
    ClientOptions options = new ClientOptions();

    CreateClient(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      if (options.rights == null) {
        throw usage("Expected at least one --right: a client without rights can do nothing.");
      }
      checkSecretFile();
      var client =
          Json.object()
              .with("id", id)
              .with("authentication", options.authentication())
              .with("scopes", Json.texts(List.of()))
              .with("audiences", Json.texts(List.of()));
      return sent("POST", "/admin/clients", options.applied(client));
    }
  }

  @Command(
      name = "update",
      description = "Changes what is named and keeps the rest. A list replaces the whole list.")
  static final class UpdateClient extends ClientChange {
    @Parameters(paramLabel = "ID", description = "The client's id")
    String id = "";

    @ArgGroup(validate = false, heading = "%nThe client:%n")
    ClientOptions options = new ClientOptions();

    @Option(names = "--enable", description = "Let a disabled client work again")
    boolean enable;

    UpdateClient(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      if (options.isEmpty() && !enable) {
        throw usage("Expected something to change, such as --scope; came nothing.");
      }
      if (!(api().get(path(id)) instanceof Json.Members now)) {
        throw new CliException(ExitCode.ERROR, "Expected a client from the server; came none.");
      }
      var members = new LinkedHashMap<>(now.values());
      members.remove("id");
      members.remove("authentication");
      if (options.sanDns != null || options.sanUri != null) {
        members.remove("tls_client_auth_san_dns");
        members.remove("tls_client_auth_san_uri");
      }
      var changed = options.applied(new Json.Members(members));
      return sent("PUT", path(id), enable ? changed.with("enabled", new Json.Bool(true)) : changed);
    }
  }

  @Command(
      name = "disable",
      description =
          "The client gets no more tokens and may do nothing; its tokens live out their minutes.")
  static final class DisableClient extends ClientChange {
    @Parameters(paramLabel = "ID", description = "The client's id")
    String id = "";

    DisableClient(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      return sent("DELETE", path(id), Json.nothing());
    }
  }

  @Command(
      name = "secret",
      description = "Gives a client a new secret; the old one is refused from now on.")
  static final class ClientSecret extends ClientChange {
    @Parameters(paramLabel = "ID", description = "The client's id")
    String id = "";

    ClientSecret(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      checkSecretFile();
      return sent("POST", path(id) + "/secret", Json.nothing());
    }
  }
}
