package dev.ingam.bench;

import dev.ingam.drill.attack.StolenStore;
import dev.ingam.wire.Base64Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// What a flood presents: as many tokens of each kind, in turn.
///
/// 1. junk in the form of a token;
/// 2. an honest token with other claims under its signature, which has to be checked to be refused;
/// 3. what the stolen signing key signed and nobody issued, each a proof of the theft.
final class HostileTokens {
  private static final int JUNK_BYTES = 120;

  private final ServerProcess server;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  HostileTokens(ServerProcess server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  /// @param honest of the key that is to be stolen
  List<String> make(String honest, int ofEach) throws IOException {
    var forged = stolenStore(honest).forgeries(honest, ofEach, clock, random);
    var tokens = new ArrayList<String>();
    for (var each : forged) {
      tokens.add(junk() + "." + junk() + "." + junk());
      tokens.add(altered(honest));
      tokens.add(each);
    }
    return tokens;
  }

  private String junk() {
    var bytes = new byte[JUNK_BYTES];
    random.nextBytes(bytes);
    return Base64Url.encode(bytes);
  }

  private String altered(String honest) {
    var parts = honest.split("\\.");
    var claims = new String(Base64Url.decode(parts[1]), StandardCharsets.UTF_8);
    var other =
        claims.replaceFirst("\"sub\":\"[^\"]*\"", "\"sub\":\"member-" + random.nextInt() + "\"");
    return parts[0]
        + "."
        + Base64Url.encode(other.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  /// The key store that holds the key of a token, opened as the thief of its master key opens it.
  private StolenStore stolenStore(String honest) throws IOException {
    var kid = TokenMint.kid(honest);
    var data = server.folder().resolve("data");
    Files.writeString(data.resolve(StolenStore.DEMO_MARK), "The keys of a bench may be stolen.\n");
    try (var stores = Files.list(data.resolve("keys"))) {
      for (var store : stores.filter(file -> file.toString().endsWith(".json")).toList()) {
        if (Files.readString(store).contains(kid)) {
          var domain = store.getFileName().toString().replace(".json", "");
          return new StolenStore(data, domain, masterKey(domain));
        }
      }
    }
    throw new BenchException("No key store in " + data + " holds the key of the server's token");
  }

  private Path masterKey(String domain) throws IOException {
    var secrets = server.folder().resolve("secrets");
    try (var files = Files.find(secrets, 2, (file, a) -> file.endsWith(domain + ".master"))) {
      return files
          .findFirst()
          .orElseThrow(() -> new BenchException("No master key of " + domain + " in " + secrets));
    }
  }
}
