package dev.ingam.cli;

import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the server is and how we prove that we may command it.
final class ServerOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of the server (default: ./data)")
  Path dataDir = Path.of("data");

  @Option(
      names = "--secrets-dir",
      paramLabel = "DIR",
      description =
          "Folder of secrets, as given to serve (default: ~/.config/ingam, as root /etc/ingam)")
  @Nullable Path secretsDir;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Admin listener, instead of what the data folder says")
  @Nullable URI url;

  @Option(
      names = "--credential-file",
      paramLabel = "FILE",
      description = "File with the root credential, instead of the one in the secrets folder")
  @Nullable Path credentialFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "CA that vouches for the server's certificate, PEM (default: those of the JDK)")
  @Nullable Path ca;

  /// Whom to trust beyond what the JDK does.
  @Nullable SSLContext trust() {
    return ca == null ? null : TrustedCa.of(ca);
  }
}
