package dev.ingam.server.start;

import dev.ingam.keys.row.RoleName;
import dev.ingam.wire.TargetUri;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/// Everything that can be set, under the prefix `ingam`; `docs/spec/configuration.md` is written
/// from it.
public record Settings(
    @Meaning(
            value = "The folder of everything but secrets; relative to the working directory.",
            gains = "Can start an empty installation.")
        @DefaultValue("data")
        Path dataDir,
    @Meaning(
            value =
                "The folder that holds one folder of secrets per installation. Not inside "
                    + "data-dir.",
            gains = "Chooses the master keys.",
            otherwise = "~/.config/ingam, for root /etc/ingam")
        @Nullable Path secretsDir,
    @Meaning(
            value =
                "The issuer name in every token: an http or https URL without query, fragment "
                    + "and slash at the end. Needed when the public listener stands beyond loopback.",
            gains = "Can make tokens pass as another's.",
            otherwise = "http://127.0.0.1:<public port>")
        @Nullable URI issuer,
    @Name("public") @DefaultValue Listen publicListener,
    @Name("internal") @DefaultValue Listen internalListener,
    @Name("admin") @DefaultValue Listen adminListener,
    @DefaultValue Upstream upstream,
    @DefaultValue Database database,
    @DefaultValue KeySettings keys,
    @DefaultValue Gate gate,
    @DefaultValue DpopSettings dpop,
    @DefaultValue Limits limits,
    @DefaultValue Log log,
    @DefaultValue Traces traces) {

  /// Where a listener stands. Port 0 takes a free one.
  ///
  /// @param plainHttpBeyondLoopback the sentence with which an operator gives up TLS, word for word
  public record Listen(
      @Meaning(
              value =
                  "Where the listener stands: loopback in plain HTTP, any other address with TLS. "
                      + "Beyond loopback /gate takes only proxies that show a client certificate.",
              gains = "Can stand in front of the server.")
          @DefaultValue("127.0.0.1")
          String address,
      @Meaning(
              value = "Its port; 0 takes a free one.",
              gains = "Can stand in front of the server.",
              otherwise = "public 8420, admin 8421, internal 8422")
          @Nullable Integer port,
      @DefaultValue Tls tls,
      @Meaning(
              value =
                  "\"I accept that tokens can be read on the network\", word for word, lets the "
                      + "public or the internal listener speak plain HTTP beyond loopback.",
              gains = "Can read every token on the way and use it until it expires.",
              otherwise = "none")
          @Nullable String plainHttpBeyondLoopback) {
    public int portOr(int usual) {
      return port == null ? usual : port;
    }
  }

  /// PEM files of a listener that speaks TLS; none for one that does not.
  public record Tls(
      @Meaning(
              value =
                  "PEM file: the server's certificate, then those of its issuers. Followed "
                      + "without a restart, as the next three.",
              gains = "With the key, can pose as the server wherever its issuer is trusted.",
              otherwise = "none")
          @Nullable Path certificate,
      @Meaning(
              value = "PEM file: its private key, PKCS#8, not encrypted, mode 0600.",
              gains = "The same; it signs no token.",
              otherwise = "none")
          @Nullable Path key,
      @Meaning(
              value =
                  "PEM file: CAs whose certificates clients may show; who they are is registered "
                      + "(ingam clients create --tls-san-dns). Not for admin.",
              gains = "Can come as any client that is known by a name.",
              otherwise = "none")
          @Nullable Path clientCa,
      @Meaning(
              value = "PEM file: what those CAs revoked; an old list lets nobody in.",
              gains = "Can bring a revoked certificate back.",
              otherwise = "none")
          @Nullable Path clientCrl) {
    /// Whether the listener speaks TLS.
    public boolean isOn() {
      return certificate != null && key != null;
    }
  }

  /// The listeners by name.
  public Map<String, Listen> listeners() {
    var listeners = new LinkedHashMap<String, Listen>();
    listeners.put("public", publicListener);
    listeners.put("internal", internalListener);
    listeners.put("admin", adminListener);
    return listeners;
  }

  /// The log-in system whose tokens can be exchanged.
  public record Upstream(
      @Meaning(
              value =
                  "The issuer name of the log-in system whose tokens may be exchanged; with jwks "
                      + "or not at all.",
              gains =
                  "Holds one half of token exchange; the other is a session, opened with another "
                      + "credential.",
              otherwise = "none")
          @Nullable String issuer,
      @Meaning(value = "The file with its JWK set.", gains = "The same.", otherwise = "none")
          @Nullable Path jwks) {}

  /// A PostgreSQL of the operator; without a URL the server runs its own.
  public record Database(
      @Meaning(
              value = "jdbc:postgresql://host:port/database, a PostgreSQL of yours.",
              gains = "Can serve old rows, which is noticed; not forge them.",
              otherwise = "the server runs its own in data-dir")
          @Nullable String url,
      @Meaning(
              value = "The role that works with the tables and owns nothing; of any name.",
              gains = "Nothing more.",
              otherwise = "none")
          @Nullable String username,
      @Meaning(
              value = "Its password.",
              gains =
                  "Who reads it reads the rows, and can delete some; forged ones do not exist for "
                      + "the server.",
              otherwise = "none")
          @Nullable Secret password,
      @Meaning(
              value =
                  "Another role, which owns the tables, migrates them and grants the first what "
                      + "it needs at each start.",
              gains = "Nothing more.",
              otherwise = "none")
          @Nullable String ownerUsername,
      @Meaning(
              value = "Its password.",
              gains = "Who reads it can delete everything, and cannot forge a row.",
              otherwise = "none")
          @Nullable Secret ownerPassword) {}

  /// The gate: its limits, and who may ask it.
  public record Gate(
      @Meaning(
              value =
                  "How many tokens without a matching ledger entry the gate checks at once, 1 to "
                      + "1024.",
              gains = "Can let junk starve honest requests.")
          @DefaultValue("8")
          int unknownTokensAtOnce,
      @Meaning(
              value =
                  "Whether /gate wants a client certificate on loopback too, as it always does "
                      + "beyond.",
              gains =
                  "Who unsets it lets every process of this host ask whether a token is good, and "
                      + "use up single-use ones.")
          @DefaultValue("false")
          boolean certificateOnLoopback,
      @Meaning(
              value =
                  "Whether the reverse proxy sets, and overwrites, the header Client-Cert: without "
                      + "it tokens that are bound to a certificate are refused at /gate.",
              gains =
                  "Set where the proxy does not overwrite the header: a stolen token that is bound "
                      + "to a certificate passes.")
          @DefaultValue("false")
          boolean clientCertHeader,
      @Meaning(
              value =
                  "Where clients reach what stands behind /gate, such as https://shop.example: DPoP "
                      + "proofs must name one of them, or the audience of the route.",
              gains = "Adds one of his: a proof that a client made for him passes here.",
              otherwise = "the audience of the route alone, where that is an address")
          @DefaultValue
          List<String> publicOrigins) {
    /// Those that are addresses; all, once the settings were checked.
    public List<TargetUri> origins() {
      return publicOrigins.stream().map(TargetUri::of).filter(Objects::nonNull).toList();
    }

    void addProblems(List<String> problems) {
      DpopSettings.requireAddresses("ingam.gate.public-origins", publicOrigins, problems);
    }
  }

  /// How the log is written: to standard error, one line an entry.
  public record Log(
      @Meaning(
              value =
                  "The form of a line of the log: plain for people, ecs for programs (one JSON "
                      + "object, Elastic Common Schema). logging.level.<logger> of Spring Boot sets "
                      + "how much is logged.",
              gains =
                  "With logging.level can hide that something went wrong; no alarm and no event.")
          @DefaultValue("plain")
          String format) {
    private List<String> problems() {
      return List.of("plain", "ecs").contains(format)
          ? List.of()
          : List.of("ingam.log.format: expected plain or ecs, came " + format);
    }
  }

  /// Spans of requests at the doors, for a collector of OpenTelemetry.
  public record Traces(
      @Meaning(
              value =
                  "Where they are sent, by OTLP over HTTP: http://127.0.0.1:4318/v1/traces. https "
                      + "beyond loopback.",
              gains =
                  "Can see when which door was asked and how it ended; no subject, client or token.",
              otherwise = "none: nothing is traced")
          @Nullable URI endpoint,
      @Meaning(
              value =
                  "The share of requests that are traced, 0 to 1. On the internal listener also 50 a "
                      + "second whose traceparent says sampled.",
              gains = "Can make the server send more.")
          @DefaultValue("0.01")
          double share) {
    private List<String> problems() {
      var problems = new ArrayList<String>();
      if (endpoint != null && !isCollector(endpoint)) {
        problems.add(
            "ingam.traces.endpoint: expected an https URL, or http on loopback, came " + endpoint);
      }
      if (!(share >= 0 && share <= 1)) {
        problems.add("ingam.traces.share: expected 0 to 1, came " + share);
      }
      return problems;
    }

    private static boolean isCollector(URI endpoint) {
      var host = endpoint.getHost();
      return host != null
          && ("https".equals(endpoint.getScheme())
              || ("http".equals(endpoint.getScheme()) && ListenerRules.isLoopback(host)));
    }
  }

  /// What strangers may cost at the public listener.
  ///
  /// @param proxies addresses of proxies in front of it on other hosts
  public record Limits(
      @Meaning(
              value =
                  "How often one source may be refused at the public listener before it is not "
                      + "heard (429), 1 to 1000000; those of ten seconds at once. What is right costs "
                      + "nothing.",
              gains = "Can guess secrets faster, and send more junk.")
          @DefaultValue("100")
          int refusalsPerSecond,
      @Meaning(
              value = "How many connections one peer may hold at the public listener, 1 to 4096.",
              gains = "Can let one peer take them all.")
          @DefaultValue("256")
          int connectionsPerPeer,
      @Meaning(
              value =
                  "Addresses of proxies in front of the public listener on other hosts; this host "
                      + "is one anyway. The last address in their X-Forwarded-For is the source, and "
                      + "their connections are not limited.",
              gains = "Can speak for any source, and so escape both limits or use up another's.",
              otherwise = "none")
          @DefaultValue
          List<String> proxies) {
    private List<String> problems() {
      var problems = new ArrayList<String>();
      if (refusalsPerSecond < 1 || refusalsPerSecond > 1_000_000) {
        problems.add("ingam.limits.refusals-per-second: expected 1 to 1000000");
      }
      if (connectionsPerPeer < 1 || connectionsPerPeer > 4096) {
        problems.add("ingam.limits.connections-per-peer: expected 1 to 4096");
      }
      for (var proxy : proxies) {
        if (!isAddress(proxy)) {
          problems.add("ingam.limits.proxies: expected IP addresses, came " + proxy);
        }
      }
      return problems;
    }

    private static boolean isAddress(String literal) {
      try {
        return InetAddress.ofLiteral(literal).getAddress().length > 0;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  /// Everything wrong with these settings, at once; empty when nothing is.
  public List<String> problems() {
    var problems = new ArrayList<String>();
    listeners().forEach((name, listen) -> problems.addAll(ListenerRules.problems(name, listen)));
    if (issuer == null && !ListenerRules.isLoopback(publicListener.address())) {
      problems.add(
          "ingam.issuer: expected the address at which clients reach the public listener, as it stands"
              + " beyond loopback");
    }
    if ((upstream.issuer() == null) != (upstream.jwks() == null)) {
      problems.add("ingam.upstream.issuer and ingam.upstream.jwks: expected both or neither");
    }
    if (issuer != null && !isIssuer(issuer)) {
      problems.add(
          "ingam.issuer: expected an http or https URL without query, fragment and slash at the end, came "
              + issuer);
    }
    if (gate.unknownTokensAtOnce() < 1 || gate.unknownTokensAtOnce() > 1024) {
      problems.add("ingam.gate.unknown-tokens-at-once: expected 1 to 1024");
    }
    problems.addAll(keys.problems(dataDir));
    gate.addProblems(problems);
    dpop.addProblems(problems);
    problems.addAll(limits.problems());
    problems.addAll(log.problems());
    problems.addAll(traces.problems());
    if (gate.certificateOnLoopback() && internalListener.tls().clientCa() == null) {
      problems.add(
          "ingam.gate.certificate-on-loopback: expected ingam.internal.tls.client-ca beside it");
    }
    addDatabase(problems);
    return List.copyOf(problems);
  }

  private void addDatabase(List<String> problems) {
    if (database.url() == null) {
      return;
    }
    if (!database.url().startsWith("jdbc:postgresql:")) {
      problems.add("ingam.database.url: expected jdbc:postgresql://host:port/database");
    }
    if (database.username() == null || database.ownerUsername() == null) {
      problems.add(
          "ingam.database: expected username and owner-username (the server's role owns nothing)");
    } else if (database.username().equals(database.ownerUsername())) {
      problems.add("ingam.database: expected two roles, came one as username and owner-username");
    }
    if (database.username() != null && !RoleName.isOne(database.username())) {
      problems.add(
          "ingam.database.username: expected 1 to 63 letters, digits, _ and -, first a letter or _;"
              + " not public, none or pg_...; make a role of such a name, the tables are granted to"
              + " it");
    }
  }

  private static boolean isIssuer(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && !uri.toString().endsWith("/");
  }
}
