package dev.ingam.issuance.client;

import dev.ingam.issuance.client.ClientAuthentication.ClientSecret;
import dev.ingam.issuance.client.ClientAuthentication.PrivateKeyJwt;
import dev.ingam.issuance.client.ClientAuthentication.SelfSignedTls;
import dev.ingam.issuance.client.ClientAuthentication.TlsClientAuth;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A row of `issuance.client`: all text, so that what the MAC is over is what is stored.
///
/// @param jwks public keys as JSON; null for a client with a secret
/// @param secretHash keyed hash in hex; null for a client with keys
/// @param certificate what it is known by in TLS: `dns:…` or `uri:…`, or one or more `sha256:…`;
///   null for a client without certificate
/// @param senderConstraint null for `none`
record ClientRow(
    String id,
    @Nullable String jwks,
    @Nullable String secretHash,
    @Nullable String certificate,
    String rights,
    String scopes,
    String audiences,
    long lifetimeSeconds,
    boolean singleUse,
    @Nullable String senderConstraint,
    boolean enabled,
    long version,
    String mac) {
  static ClientRow of(Client client, byte @Nullable [] secretHash) {
    var jwks =
        client.authentication() instanceof PrivateKeyJwt(KeySet keys)
            ? new String(keys.toJson(false), StandardCharsets.UTF_8)
            : null;
    var certificates = new TreeSet<>(client.authentication().certificates());
    return new ClientRow(
        client.id(),
        jwks,
        secretHash == null ? null : HexFormat.of().formatHex(secretHash),
        certificates.isEmpty() ? null : String.join(" ", certificates),
        client.rights().stream()
            .map(ClientRight::wireName)
            .sorted()
            .collect(Collectors.joining(" ")),
        String.join(" ", new TreeSet<>(client.scopes())),
        String.join(" ", new TreeSet<>(client.audiences())),
        client.tokenLifetime().toSeconds(),
        client.singleUse(),
        client.senderConstraint() == SenderConstraint.NONE
            ? null
            : client.senderConstraint().wireName(),
        client.enabled(),
        client.version(),
        "");
  }

  /// All that the MAC is over, besides id and version. Certificate and sender constraint come last
  /// and only where there are some, so that rows written before there were any keep their MAC; the
  /// number of texts is told apart by the MAC.
  List<@Nullable String> columns() {
    var columns =
        new ArrayList<@Nullable String>(
            Arrays.asList(
                jwks,
                secretHash,
                rights,
                scopes,
                audiences,
                Long.toString(lifetimeSeconds),
                Boolean.toString(singleUse),
                Boolean.toString(enabled)));
    if (certificate != null || senderConstraint != null) {
      columns.add(certificate);
    }
    if (senderConstraint != null) {
      columns.add(senderConstraint);
    }
    return columns;
  }

  /// The client, or null when the row says nothing that a client can be.
  @Nullable Client client() {
    var authentication = authentication();
    var constraint =
        senderConstraint == null
            ? SenderConstraint.NONE
            : SenderConstraint.ofWireName(senderConstraint);
    if (authentication == null || constraint == null) {
      return null;
    }
    try {
      return new Client(
          id,
          authentication,
          words(rights).stream()
              .map(ClientRight::ofWireName)
              .map(Objects::requireNonNull)
              .collect(Collectors.toSet()),
          words(scopes),
          words(audiences),
          Duration.ofSeconds(lifetimeSeconds),
          singleUse,
          constraint,
          enabled,
          version);
    } catch (IllegalArgumentException | NullPointerException e) {
      return null;
    }
  }

  private @Nullable ClientAuthentication authentication() {
    if (certificate != null) {
      return jwks == null && secretHash == null ? byCertificate(certificate) : null;
    }
    if (jwks == null) {
      return secretHash == null ? null : new ClientSecret();
    }
    return KeySet.read(jwks.getBytes(StandardCharsets.UTF_8)) instanceof KeySetReading.Read read
        ? new PrivateKeyJwt(read.keySet())
        : null;
  }

  private static @Nullable ClientAuthentication byCertificate(String text) {
    var colon = text.indexOf(':');
    var value = text.substring(colon + 1);
    return switch (text.substring(0, Math.max(colon, 0))) {
      case "dns" -> new TlsClientAuth(new CertificateName(CertificateName.Kind.DNS, value));
      case "uri" -> new TlsClientAuth(new CertificateName(CertificateName.Kind.URI, value));
      case "sha256" ->
          new SelfSignedTls(
              words(text).stream()
                  .map(each -> each.substring(each.indexOf(':') + 1))
                  .collect(Collectors.toSet()));
      default -> null;
    };
  }

  byte @Nullable [] secretHashBytes() {
    return secretHash == null ? null : HexFormat.of().parseHex(secretHash);
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  ClientRow withMac(byte[] newMac) {
    return new ClientRow(
        id,
        jwks,
        secretHash,
        certificate,
        rights,
        scopes,
        audiences,
        lifetimeSeconds,
        singleUse,
        senderConstraint,
        enabled,
        version,
        HexFormat.of().formatHex(newMac));
  }

  byte[] macBytes() {
    return HexFormat.of().parseHex(mac);
  }

  @Override
  public String toString() {
    return "ClientRow[" + id + "]";
  }
}
