package dev.ingam.server.start;

import dev.ingam.keys.row.RoleName;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    @DefaultValue Keys keys,
    @DefaultValue Gate gate) {

  /// Where a listener stands. Port 0 takes a free one.
  public record Listen(@DefaultValue("127.0.0.1") String address, @Nullable Integer port) {
    public int portOr(int usual) {
      return port == null ? usual : port;
    }
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

  /// The policy of the key set that signs access tokens.
  public record Keys(
      @DefaultValue("ES256") String algorithm,
      @DefaultValue("24h") Duration signFor,
      @DefaultValue("24h") Duration publishAhead) {}

  /// Limits of the gate.
  public record Gate(@DefaultValue("8") int unknownTokensAtOnce) {}

  /// Everything wrong with these settings, at once; empty when nothing is.
  public List<String> problems() {
    var problems = new ArrayList<String>();
    addListener(problems, "public", publicListener);
    addListener(problems, "internal", internalListener);
    addListener(problems, "admin", adminListener);
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

  private static void addListener(List<String> problems, String name, Listen listen) {
    var port = listen.portOr(0);
    if (port < 0 || port > 65535) {
      problems.add("ingam." + name + ".port: expected 0 to 65535, came " + port);
    }
    if (!isLoopback(listen.address())) {
      problems.add(
          "ingam."
              + name
              + ".address: expected a loopback address (this version speaks plain HTTP), came "
              + listen.address());
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
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
