package dev.ingam.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The `ingam.yml` of a first installation.
///
/// @param folder where it will stand
/// @param names of the server, as keytool wants them; the first DNS name beyond `localhost` names
///   the issuer
record FirstConfiguration(Path folder, List<String> names) {
  String text() {
    return head() + publicListener() + internalListener() + adminListener();
  }

  private String head() {
    return String.format(
        Locale.ROOT,
        """
        # Ingam with TLS at all listeners, made by ingam init. Start it: ingam serve --config %1$s/ingam.yml
        # Certificates and keys are followed: put a renewed pair into its files, and it is used within seconds.
        ingam:
          data-dir: %2$s
          # The name in every token, and where clients reach the public listener. It cannot be changed without refusing live tokens.
          issuer: https://%3$s:8420
        """,
        folder,
        quoted(folder.resolve("data")),
        host());
  }

  private String publicListener() {
    return String.format(
        Locale.ROOT,
        """
          # Tokens for clients, public keys.
          public:
            # 0.0.0.0 opens it to all networks of this host.
            address: 127.0.0.1
            port: 8420
            tls:
              certificate: %s
              key: %s
        """,
        pem("public"),
        pem("public-key"));
  }

  private String internalListener() {
    return String.format(
        Locale.ROOT,
        """
          # Token exchange, log-in events, ledger, /gate. Beyond loopback /gate takes only proxies with a client certificate:
          #   ingam clients create proxy --right gate --tls-san-dns proxy
          internal:
            address: 127.0.0.1
            port: 8422
            tls:
              certificate: %s
              key: %s
              client-ca: %s
        """,
        pem("internal"),
        pem("internal-key"),
        pem("ca"));
  }

  private String adminListener() {
    return String.format(
        Locale.ROOT,
        """
          # Operators, with the root credential and: --ca %s/tls/ca.pem
          admin:
            address: 127.0.0.1
            port: 8421
            tls:
              certificate: %s
              key: %s
        """,
        folder,
        pem("admin"),
        pem("admin-key"));
  }

  private String host() {
    return names.stream()
        .filter(each -> each.startsWith("dns:") && !each.equals("dns:localhost"))
        .map(each -> each.substring("dns:".length()))
        .findFirst()
        .orElse("127.0.0.1");
  }

  private String pem(String name) {
    return quoted(folder.resolve("tls").resolve(name + ".pem"));
  }

  /// A YAML string in which nothing has a meaning.
  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
