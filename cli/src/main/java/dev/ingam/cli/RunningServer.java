package dev.ingam.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the server that the options name: the address of a listener and the root credential.
final class RunningServer {
  private static final int MAX_FILE = 64 * 1024;
  private static final int MAX_PORT = 65_535;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final ServerOptions options;
  private final Path home;
  private final boolean root;

  RunningServer(ServerOptions options, Path home, boolean root) {
    this.options = options;
    this.home = home;
    this.root = root;
  }

  /// The server as seen by this process.
  static RunningServer of(ServerOptions options) {
    return new RunningServer(
        options,
        Path.of(System.getProperty("user.home")),
        "root".equals(System.getProperty("user.name")));
  }

  URI admin() {
    return options.url == null ? listener("admin") : unheard("--url", options.url);
  }

  /// @param named by the person; null: what the data folder says
  URI publicListener(@Nullable URI named) {
    return named == null ? listener("public") : unheard("--public-url", named);
  }

  String credential() {
    var file = options.credentialFile == null ? credentialFile() : options.credentialFile;
    if (options.credentialFile == null && Files.notExists(file)) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(
              Locale.ROOT,
              "Expected the root credential in %s; there is no such file. Name the folder of secrets with --secrets-dir, as it was given to serve, or run ingam as the user that runs the server.",
              file));
    }
    var credential = new String(read(file, "the root credential"), StandardCharsets.UTF_8).strip();
    if (!credential.matches("[A-Za-z0-9_-]{20,200}")) {
      throw new CliException(
          ExitCode.ERROR, "Expected a root credential in " + file + "; it holds something else.");
    }
    return credential;
  }

  private Path credentialFile() {
    var installation = JsonReader.read(read(installationFile(), "the installation's id"));
    var id = installation.map(found -> found.get("id").text()).orElse("");
    if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new CliException(
          ExitCode.ERROR,
          "Expected {\"id\": …} in " + installationFile() + "; it holds something else.");
    }
    return secretsRoot().resolve(id).resolve("root-credential");
  }

  private Path installationFile() {
    return options.dataDir.resolve("installation");
  }

  private Path secretsRoot() {
    if (options.secretsDir != null) {
      return options.secretsDir;
    }
    return root ? Path.of("/etc/ingam") : home.resolve(".config").resolve("ingam");
  }

  private URI listener(String name) {
    var file = options.dataDir.resolve("run").resolve("ports.json");
    var ports = JsonReader.read(readPorts(file)).orElse(Json.nothing());
    var port = ports.get(name).text();
    var pid = ports.get("pid").text();
    if (!port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > MAX_PORT) {
      throw new CliException(
          ExitCode.ERROR, "Expected the port \"" + name + "\" in " + file + "; it is not there.");
    }
    if (!isAlive(pid)) {
      throw new CliException(
          ExitCode.TRY_AGAIN,
          String.format(
              Locale.ROOT,
              "The server that wrote %s (process %s) is gone. Start it: ingam serve --data-dir %s",
              file,
              pid,
              options.dataDir));
    }
    var url = ports.get("urls").get(name).text();
    return url.isEmpty() ? URI.create("http://127.0.0.1:" + port) : written(file, url);
  }

  /// A listener that stands elsewhere, or speaks TLS.
  private static URI written(Path file, String url) {
    try {
      return unheard("the URL in " + file, new URI(url));
    } catch (URISyntaxException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected a URL in " + file + "; came another text.", e);
    }
  }

  /// Another program may have taken the port of a server that is gone, and must not get our
  /// credential.
  private static boolean isAlive(String pid) {
    return pid.matches("[0-9]{1,18}")
        && ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  private byte[] readPorts(Path file) {
    if (!Files.exists(file) && !Files.isDirectory(options.dataDir)) {
      throw new CliException(
          ExitCode.ERROR,
          String.format(
              Locale.ROOT,
              "Expected a data folder at %s; there is none. Name it with --data-dir, or make one: ingam serve",
              options.dataDir.toAbsolutePath().normalize()));
    }
    if (!Files.exists(file)) {
      throw new CliException(
          ExitCode.TRY_AGAIN,
          String.format(
              Locale.ROOT,
              "No server runs on %s. Start it: ingam serve --data-dir %s",
              options.dataDir.toAbsolutePath().normalize(),
              options.dataDir));
    }
    return read(file, "the server's ports");
  }

  /// An address to which a credential may be sent: nobody on the way hears it.
  private static URI unheard(String option, URI url) {
    var host = url.getHost();
    var plain = "http".equals(url.getScheme()) && host != null && LOOPBACK.contains(host);
    if (!plain && !("https".equals(url.getScheme()) && host != null)) {
      throw new CliException(
          ExitCode.USAGE,
          String.format(
              Locale.ROOT,
              "Expected %s with https, or http on a loopback address; came %s. No credential is sent in clear text over a network.",
              option,
              Printable.of(url.toString())));
    }
    return url;
  }

  /// The content of a small file that must be there.
  static byte[] read(Path file, String what) {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_FILE + 1);
      if (bytes.length > MAX_FILE) {
        throw new CliException(
            ExitCode.ERROR, "Expected " + what + " in " + file + "; it is larger than 64 KiB.");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected " + what + " in " + file + "; there is no such file.", e);
    } catch (IOException e) {
      throw unreadable(file, what, e);
    }
  }

  private static CliException unreadable(Path file, String what, @Nullable IOException cause) {
    var denied = cause instanceof java.nio.file.AccessDeniedException;
    return new CliException(
        denied ? ExitCode.NOT_PERMITTED : ExitCode.ERROR,
        denied
            ? String.format(
                Locale.ROOT,
                "Expected to read %s in %s; this user may not. Run ingam as the user that runs the server.",
                what,
                file)
            : String.format(
                Locale.ROOT, "Expected to read %s in %s; reading failed: %s", what, file, cause),
        cause == null ? new IOException("unreadable") : cause);
  }
}
