package dev.ingam.starter;

import dev.ingam.wire.TargetUri;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What a service says of itself: `ingam.resource-server`. Its audience is enough where Ingam runs
/// on the same machine and the service is a client under its own name.
///
/// @param audience the `aud` of the tokens it takes. Who changes it has it take tokens that were
///   meant for others
/// @param issuer whose tokens it takes, and where a caller token is fetched. Who changes it has it
///   take his own
/// @param internalUrl the internal listener, for keys and ledger. Who changes it answers for the
///   ledger
/// @param clientId the client with the right `ledger` that this service is;
///   `spring.application.name` when nothing is said
/// @param clientSecretFile holds its secret on one line; `<client-id>.secret` when nothing is said.
///   Who has it can ask the ledger, and gets no token for anybody
/// @param sslBundle the trust, and the client certificate, of calls to Ingam; one with a key is
///   used in place of a secret. None when nothing is said
/// @param clientsAllowed takes tokens of clients that act for themselves too. Who sets it lets
///   clients in where only people should be
/// @param publicOrigins where clients reach this service, beside its audience where that is an
///   address: DPoP proofs must name one. Who adds one has it take proofs that were made for himself
/// @param boundOnly takes no token that is not bound to its sender, by DPoP or a certificate
@ConfigurationProperties("ingam.resource-server")
public record ResourceServerSettings(
    @Nullable String audience,
    @DefaultValue("http://127.0.0.1:8420") URI issuer,
    @DefaultValue("http://127.0.0.1:8422") URI internalUrl,
    @Nullable String clientId,
    @Nullable Path clientSecretFile,
    @Nullable String sslBundle,
    boolean clientsAllowed,
    boolean boundOnly,
    @DefaultValue List<String> publicOrigins) {

  /// The client and where its secret is, with what is said elsewhere in place of what is not here.
  ///
  /// @param applicationName `spring.application.name`
  ResourceServerSettings withDefaults(@Nullable String applicationName) {
    var id = clientId == null ? applicationName : clientId;
    var file = clientSecretFile == null && id != null ? Path.of(id + ".secret") : clientSecretFile;
    return new ResourceServerSettings(
        audience,
        issuer,
        internalUrl,
        id,
        file,
        sslBundle,
        clientsAllowed,
        boundOnly,
        publicOrigins);
  }

  /// Everything wrong with these settings, at once; empty when nothing is.
  ///
  /// @param byCertificate the client proves itself in TLS and needs no secret
  List<String> problems(boolean byCertificate) {
    var problems = new ArrayList<String>();
    if (audience == null || audience.isBlank()) {
      problems.add(
          "ingam.resource-server.audience: expected the audience of the tokens for this service,"
              + " came nothing; it is what --audience of a client's tokens says");
    }
    if (!isAddress(issuer)) {
      problems.add(
          "ingam.resource-server.issuer: expected an http or https address, came " + issuer);
    }
    if (!isAddress(internalUrl)) {
      problems.add(
          "ingam.resource-server.internal-url: expected an http or https address, came "
              + internalUrl);
    }
    for (var origin : publicOrigins) {
      if (TargetUri.of(origin) == null) {
        problems.add(
            "ingam.resource-server.public-origins: expected http or https addresses, came "
                + origin);
      }
    }
    if (!byCertificate) {
      addProblemsOfSecret(problems);
    }
    return problems;
  }

  private void addProblemsOfSecret(List<String> problems) {
    if (clientId == null || clientId.isBlank()) {
      problems.add(
          "ingam.resource-server.client-id: expected the id of a client with the right ledger, or"
              + " spring.application.name; came neither. Make one: ingam clients create NAME --right"
              + " ledger --secret-file NAME.secret");
    } else if (clientSecretFile == null || !Files.isReadable(clientSecretFile)) {
      problems.add(
          "ingam.resource-server.client-secret-file: expected a readable file with the secret of "
              + clientId
              + ", came "
              + clientSecretFile
              + "; make it: ingam clients create "
              + clientId
              + " --right ledger --secret-file "
              + clientSecretFile);
    }
  }

  /// Where clients reach this service. What a request says of its host is not among it: whoever
  /// relays a token with its proof writes that too.
  List<TargetUri> origins() {
    return Stream.concat(Stream.ofNullable(audience), publicOrigins.stream())
        .map(TargetUri::of)
        .filter(Objects::nonNull)
        .toList();
  }

  private static boolean isAddress(URI uri) {
    return uri.getHost() != null
        && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
  }
}
