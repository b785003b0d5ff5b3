package dev.ingam.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ingam token introspect` and `ingam token revoke`: what a client asks of one token, at the
/// public listener.
final class ClientTokenCommands {
  private ClientTokenCommands() {}

  /// A client that speaks of one token.
  abstract static class OfAClient extends AdminCommand {
    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        defaultValue = "-",
        description = "File with the token; - or nothing: standard input")
    String file = "-";

    @Option(names = "--client", required = true, paramLabel = "ID", description = "The client's id")
    String client = "";

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description = "File with the client's secret (default: ask for it)")
    @Nullable String secretFile;

    @Option(
        names = "--key-file",
        paramLabel = "FILE",
        description = "File with the client's private key, a JWK or PEM (BEGIN PRIVATE KEY)")
    @Nullable Path keyFile;

    @Option(
        names = "--kid",
        paramLabel = "KID",
        description = "Key id to name, when the file does not say it")
    @Nullable String kid;

    @Option(
        names = "--public-url",
        paramLabel = "URL",
        description = "Public listener, instead of what the data folder says")
    java.net.@Nullable URI publicUrl;

    OfAClient(Terminal terminal) {
      super(terminal);
    }

    /// Posts the token, and what else is said of it, as this client.
    Json send(String path, Map<String, String> more) {
      if (secretFile != null && keyFile != null) {
        throw usage("Expected --secret-file or --key-file, not both.");
      }
      if ("-".equals(secretFile) && "-".equals(file)) {
        throw usage("Expected the token or the secret on standard input, not both.");
      }
      var form = new LinkedHashMap<>(more);
      form.put("token", TokenCommands.token(this, file));
      var door = new TokenDoor(RunningServer.of(server).publicListener(publicUrl), server.trust());
      return keyFile == null
          ? door.send(path, form, client, new ClientSecretSource(this).read(secretFile))
          : door.send(path, form, client, PrivateKeyFile.read(keyFile, kid), terminal.clock());
    }
  }

  @Command(
      name = "introspect",
      description = {
        "Asks, as a client with the right introspection, whether a token is good (RFC 7662).",
        "Exit code 3 when it is not active. A forged token is judged like any other."
      })
  static final class Introspect extends OfAClient {
    private static final List<Column> COLUMNS =
        List.of(
            Column.flag("active"),
            Column.text("sub").titled("SUBJECT"),
            Column.text("aud").titled("AUDIENCE"),
            Column.text("client_id").titled("CLIENT"),
            Column.text("scope"),
            Column.text("jti").titled("SERIAL"));

    @Option(names = "--redeem", description = "Use the token up, when it is for single use")
    boolean redeem;

    Introspect(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      var answer =
          send("/oauth2/introspect", redeem ? Map.of("redeem", "true") : Map.<String, String>of());
      printer().one(answer, COLUMNS);
      return answer.get("active").isTrue() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Gives back, as the client to which it was issued, a token (RFC 7009).",
        "Everything issued before a moment: ingam revoke"
      })
  static final class RevokeToken extends OfAClient {
    RevokeToken(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run() {
      send("/oauth2/revoke", Map.of());
      terminal.progress("Revoked, or good for nothing already.");
      return ExitCode.OK;
    }
  }
}
