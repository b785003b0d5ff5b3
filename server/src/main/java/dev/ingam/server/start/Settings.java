package dev.ingam.server.start;

import dev.ingam.keys.row.RoleName;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/// Everything that can be set, under the prefix `ingam`. Names, meanings and defaults stand in
/// `application.yml`.
public record Settings(
    @DefaultValue("data") Path dataDir,
    @Nullable Path secretsDir,
    @Nullable URI issuer,
    @Name("public") @DefaultValue Listen publicListener,
    @Name("internal") @DefaultValue Listen internalListener,
    @Name("admin") @DefaultValue Listen adminListener,
    @DefaultValue Upstream upstream,
    @DefaultValue Database database,
    @DefaultValue KeySettings keys,
    @DefaultValue Gate gate,
    @DefaultValue Limits limits) {

  /// Where a listener stands. Port 0 takes a free one.
  ///
  /// @param plainHttpBeyondLoopback the sentence with which an operator gives up TLS, word for word
  public record Listen(
      @DefaultValue("127.0.0.1") String address,
      @Nullable Integer port,
      @DefaultValue Tls tls,
      @Nullable String plainHttpBeyondLoopback) {
    public int portOr(int usual) {
      return port == null ? usual : port;
    }
  }

  /// PEM files of a listener that speaks TLS; none for one that does not.
  public record Tls(
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable Path clientCa,
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
  public record Upstream(@Nullable String issuer, @Nullable Path jwks) {}

  /// A PostgreSQL of the operator; without a URL the server runs its own.
  public record Database(
      @Nullable String url,
      @Nullable String username,
      @Nullable Secret password,
      @Nullable String ownerUsername,
      @Nullable Secret ownerPassword) {}

  /// The gate: its limits, and who may ask it.
  public record Gate(
      @DefaultValue("8") int unknownTokensAtOnce,
      @DefaultValue("false") boolean certificateOnLoopback) {}

  /// What strangers may cost at the public listener.
  ///
  /// @param proxies addresses of proxies in front of it on other hosts
  public record Limits(
      @DefaultValue("100") int refusalsPerSecond,
      @DefaultValue("256") int connectionsPerPeer,
      @DefaultValue List<String> proxies) {
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
    problems.addAll(keys.problems());
    problems.addAll(limits.problems());
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
