package dev.ingam.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam token …`: get one, look into one, ask whether one is good.
@Command(
    name = "token",
    synopsisSubcommandLabel = "COMMAND",
    description = "Access tokens: get one, look into one, ask whether one is good, revoke one.")
final class TokenCommands {
  private static final int MAX_TOKEN = 64 * 1024;

  static CommandLine tree(Terminal terminal) {
    return new CommandLine(new TokenCommands())
        .addSubcommand(new IssueToken(terminal))
        .addSubcommand(new InspectToken(terminal))
        .addSubcommand(new VerifyToken(terminal))
        .addSubcommand(new ClientTokenCommands.Introspect(terminal))
        .addSubcommand(new ClientTokenCommands.RevokeToken(terminal));
  }

  /// A token from a file or, for `-`, from standard input. Never from the command line, which every
  /// process on the host can read.
  static String token(AdminCommand command, String file) {
    if (!"-".equals(file)) {
      if (file.chars().filter(each -> each == '.').count() == 2 && file.startsWith("ey")) {
        throw command.usage(
            "Expected a file that holds the token, or - for standard input; came the token itself, which every process on this host could read.");
      }
      return ascii(RunningServer.read(Path.of(file), "a token"));
    }
    command.terminal.progress("Type or paste the token, then Enter and Ctrl-D.");
    try {
      var bytes = command.terminal.in().readNBytes(MAX_TOKEN + 1);
      if (bytes.length > MAX_TOKEN) {
        throw new CliException(
            ExitCode.ERROR, "Expected a token on standard input; came more than 64 KiB.");
      }
      return ascii(bytes);
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected a token on standard input; reading failed: " + e, e);
    }
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).strip();
  }

  @Command(
      name = "issue",
      description = {
        "Asks the server for a token as a client that acts for itself (client_credentials).",
        "The token alone goes to standard output: ingam token issue … | ingam token verify -"
      })
  static final class IssueToken extends AdminCommand {
    @Option(names = "--client", required = true, paramLabel = "ID", description = "The client's id")
    String client = "";

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description = "File with the client's secret, - for standard input (default: ask for it)")
    @Nullable String secretFile;

    @Option(
        names = "--key-file",
        paramLabel = "FILE",
        description = "File with the client's private key, a JWK or PEM (BEGIN PRIVATE KEY)")
    @Nullable Path keyFile;

    @Option(
        names = "--kid",
        paramLabel = "KID",
        converter = TypedId.class,
        description = "Key id to name, when the file does not say it")
    @Nullable String kid;

    @Option(names = "--audience", paramLabel = "AUDIENCE", description = "For whom the token is")
    @Nullable String audience;

    @Option(
        names = "--scope",
        split = ",",
        paramLabel = "SCOPE",
        description = "Scope; may be repeated")
    @Nullable List<String> scopes;

    @Option(
        names = "--public-url",
        paramLabel = "URL",
        description = "Public listener, instead of what the data folder says")
    java.net.@Nullable URI publicUrl;

    IssueToken(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      if (secretFile != null && keyFile != null) {
        throw usage("Expected --secret-file or --key-file, not both.");
      }
      var door = new TokenDoor(RunningServer.of(server).publicListener(publicUrl), server.trust());
      var request = new TokenDoor.Request(client, audience, scopes == null ? List.of() : scopes);
      var answer =
          keyFile == null
              ? door.issue(request, new ClientSecretSource(this).read(secretFile))
              : door.issue(request, PrivateKeyFile.read(keyFile, kid), terminal.clock());
      show(answer);
      return ExitCode.OK;
    }

    private void show(Json answer) {
      var token = answer.get("access_token").text();
      if (token.isEmpty()) {
        throw new CliException(
            ExitCode.ERROR, "Expected an access token from the server; came none.");
      }
      if (printer().isForPeople()) {
        terminal.out().println(token);
        terminal.progress(
            String.format(
                Locale.ROOT,
                "Good for %s, scope %s.",
                Times.duration(answer.get("expires_in").text()),
                answer.get("scope").text()));
      } else {
        printer()
            .one(
                answer,
                List.of(
                    Column.text("access_token"), Column.text("expires_in"), Column.text("scope")));
      }
    }
  }

  @Command(
      name = "inspect",
      description = {
        "Shows what a token says, off line. It proves nothing: no signature and no ledger is checked.",
        "Whether it is good: ingam token verify"
      })
  static final class InspectToken extends AdminCommand {
    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        defaultValue = "-",
        description = "File with the token; - or nothing: standard input")
    String file = "-";

    InspectToken(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var inspection = TokenInspection.of(token(this, file), terminal.clock());
      printer().one(inspection.toJson(), TokenInspection.COLUMNS);
      if (printer().isForPeople()) {
        terminal
            .err()
            .println("Signature and ledger: not checked. Whether it is good: ingam token verify");
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "verify",
      description = {
        "Asks the server whether a token is good: claims, signature, ledger. Nothing is redeemed.",
        "Exit code 3 when it is refused. A forged token is judged like any other: it may prove a theft."
      })
  static final class VerifyToken extends AdminCommand {
    private static final List<Column> COLUMNS =
        List.of(
            Column.text("verdict"),
            Column.text("reason"),
            Column.text("detail"),
            Column.text("sub").titled("SUBJECT"),
            Column.text("aud").titled("AUDIENCE"),
            Column.text("client_id").titled("CLIENT"),
            Column.text("scope"),
            Column.text("jti").titled("SERIAL"));

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        defaultValue = "-",
        description = "File with the token; - or nothing: standard input")
    String file = "-";

    @Option(
        names = "--audience",
        paramLabel = "AUDIENCE",
        description = "Whom it must be for (default: whom it says it is for)")
    @Nullable String audience;

    VerifyToken(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var token = token(this, file);
      var wanted =
          audience == null ? TokenInspection.of(token, terminal.clock()).audience() : audience;
      var body = Json.object().with("token", token).with("audience", wanted);
      var verdict = api().post("/admin/tokens/verify", body);
      printer()
          .one(printer().isForPeople() || format == Format.CSV ? flat(verdict) : verdict, COLUMNS);
      return "accepted".equals(verdict.get("verdict").text()) ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    /// The verdict with what an accepted token says beside it.
    private static Json flat(Json verdict) {
      var flat = Json.object();
      for (var name : List.of("verdict", "reason", "detail")) {
        flat = flat.with(name, verdict.get(name));
      }
      for (var name : List.of("sub", "aud", "client_id", "scope", "jti")) {
        flat = flat.with(name, verdict.get("token").get(name));
      }
      return flat;
    }
  }
}
