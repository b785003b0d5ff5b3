package dev.ingam.server.admin;

import dev.ingam.issuance.client.CertificateName;
import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientAuthentication.ClientSecret;
import dev.ingam.issuance.client.ClientAuthentication.PrivateKeyJwt;
import dev.ingam.issuance.client.ClientAuthentication.SelfSignedTls;
import dev.ingam.issuance.client.ClientAuthentication.TlsClientAuth;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.client.SenderConstraint;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clients as JSON, and back.
final class ClientJson {
  private static final String BY_SECRET = "client_secret";
  private static final String BY_KEY = "private_key_jwt";
  private static final String BY_NAME = "tls_client_auth";
  private static final String BY_THUMBPRINT = "self_signed_tls_client_auth";

  private final JsonMapper mapper;

  ClientJson(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Schema(name = "Client")
  record Shown(
      String id,
      String authentication,
      @Schema(implementation = Object.class, description = "JWK set") @Nullable JsonNode jwks,
      @Nullable String tlsClientAuthSanDns,
      @Nullable String tlsClientAuthSanUri,
      @Nullable List<@Nullable String> certificateThumbprints,
      List<String> rights,
      List<String> scopes,
      List<String> audiences,
      long tokenLifetimeSeconds,
      boolean singleUse,
      String senderConstraint,
      boolean enabled,
      long version) {}

  @Schema(name = "NewClient")
  record New(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String id,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String authentication,
      @Schema(implementation = Object.class, description = "JWK set") @Nullable JsonNode jwks,
      @Nullable String tlsClientAuthSanDns,
      @Nullable String tlsClientAuthSanUri,
      @Nullable List<@Nullable String> certificateThumbprints,
      @Nullable List<@Nullable String> rights,
      @Nullable List<@Nullable String> scopes,
      @Nullable List<@Nullable String> audiences,
      @Nullable Long tokenLifetimeSeconds,
      @Nullable Boolean singleUse,
      @Nullable String senderConstraint) {}

  @Schema(name = "ClientChange")
  record Change(
      @Schema(implementation = Object.class, description = "JWK set") @Nullable JsonNode jwks,
      @Nullable String tlsClientAuthSanDns,
      @Nullable String tlsClientAuthSanUri,
      @Nullable List<@Nullable String> certificateThumbprints,
      @Nullable List<@Nullable String> rights,
      @Nullable List<@Nullable String> scopes,
      @Nullable List<@Nullable String> audiences,
      @Nullable Long tokenLifetimeSeconds,
      @Nullable Boolean singleUse,
      @Nullable String senderConstraint,
      @Nullable Boolean enabled,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Long version) {}

  /// What an operator says of how a client proves who it is.
  private record Proof(
      @Nullable JsonNode jwks,
      @Nullable String sanDns,
      @Nullable String sanUri,
      @Nullable List<@Nullable String> thumbprints) {
    static Proof of(New body) {
      return new Proof(
          body.jwks(),
          body.tlsClientAuthSanDns(),
          body.tlsClientAuthSanUri(),
          body.certificateThumbprints());
    }

    static Proof of(Change body) {
      return new Proof(
          body.jwks(),
          body.tlsClientAuthSanDns(),
          body.tlsClientAuthSanUri(),
          body.certificateThumbprints());
    }

    /// What came, by the names of the members.
    Set<String> came() {
      var names = new TreeSet<String>();
      if (jwks != null && !jwks.isNull()) {
        names.add("jwks");
      }
      if (sanDns != null) {
        names.add("tls_client_auth_san_dns");
      }
      if (sanUri != null) {
        names.add("tls_client_auth_san_uri");
      }
      if (thumbprints != null) {
        names.add("certificate_thumbprints");
      }
      return names;
    }
  }

  private static String way(ClientAuthentication authentication) {
    return switch (authentication) {
      case ClientSecret secret -> BY_SECRET;
      case PrivateKeyJwt key -> BY_KEY;
      case TlsClientAuth name -> BY_NAME;
      case SelfSignedTls certificates -> BY_THUMBPRINT;
    };
  }

  private static @Nullable String name(Client client, CertificateName.Kind kind) {
    return client.authentication() instanceof TlsClientAuth(CertificateName name)
            && name.kind() == kind
        ? name.value()
        : null;
  }

  Shown shown(Client client) {
    return new Shown(
        client.id(),
        way(client.authentication()),
        client.authentication() instanceof PrivateKeyJwt(KeySet keys)
            ? mapper.readTree(keys.toJson(false))
            : null,
        name(client, CertificateName.Kind.DNS),
        name(client, CertificateName.Kind.URI),
        client.authentication() instanceof SelfSignedTls(Set<String> thumbprints)
            ? List.copyOf(new TreeSet<>(thumbprints))
            : null,
        client.rights().stream().sorted().map(ClientRight::wireName).toList(),
        List.copyOf(new TreeSet<>(client.scopes())),
        List.copyOf(new TreeSet<>(client.audiences())),
        client.tokenLifetime().toSeconds(),
        client.singleUse(),
        client.senderConstraint().wireName(),
        client.enabled(),
        client.version());
  }

  ClientSettings settings(New body) {
    return new ClientSettings(
        there("id", body.id()),
        authentication(there("authentication", body.authentication()), Proof.of(body)),
        rights(body.rights()),
        set("scopes", body.scopes()),
        set("audiences", body.audiences()),
        lifetime(body.tokenLifetimeSeconds()),
        Boolean.TRUE.equals(body.singleUse()),
        senderConstraint(body.senderConstraint()));
  }

  /// What the client becomes: the id and the way of authentication stay, and so does a sender
  /// constraint of which nothing is said. To drop one is to write `none`.
  ClientSettings settings(Client before, Change body) {
    return new ClientSettings(
        before.id(),
        authentication(way(before.authentication()), Proof.of(body)),
        rights(body.rights()),
        set("scopes", body.scopes()),
        set("audiences", body.audiences()),
        lifetime(body.tokenLifetimeSeconds()),
        Boolean.TRUE.equals(body.singleUse()),
        body.senderConstraint() == null
            ? before.senderConstraint()
            : senderConstraint(body.senderConstraint()));
  }

  private static String there(String name, @Nullable String value) {
    if (value == null) {
      throw AdminError.INVALID_REQUEST.because("Expected \"" + name + "\"; it is missing.");
    }
    return value;
  }

  private ClientAuthentication authentication(String way, Proof proof) {
    return switch (way) {
      case BY_SECRET -> {
        expect(way, proof, Set.of());
        yield new ClientSecret();
      }
      case BY_KEY -> {
        expect(way, proof, Set.of("jwks"));
        yield new PrivateKeyJwt(keys(proof.jwks()));
      }
      case BY_NAME -> new TlsClientAuth(name(proof));
      case BY_THUMBPRINT -> {
        expect(way, proof, Set.of("certificate_thumbprints"));
        yield new SelfSignedTls(set("certificate_thumbprints", proof.thumbprints()));
      }
      default ->
          throw AdminError.INVALID_REQUEST.because(
              "Expected \"authentication\" client_secret, private_key_jwt, tls_client_auth or"
                  + " self_signed_tls_client_auth; came "
                  + AdminError.word(way)
                  + ".");
    };
  }

  private static CertificateName name(Proof proof) {
    if (proof.sanDns() != null) {
      expect(BY_NAME, proof, Set.of("tls_client_auth_san_dns"));
      return new CertificateName(CertificateName.Kind.DNS, proof.sanDns());
    }
    expect(BY_NAME, proof, Set.of("tls_client_auth_san_uri"));
    return new CertificateName(
        CertificateName.Kind.URI, there("tls_client_auth_san_uri", proof.sanUri()));
  }

  /// What belongs to another way is refused, so that nobody takes it for being in force.
  private static void expect(String way, Proof proof, Set<String> members) {
    if (!members.containsAll(proof.came())) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected for "
              + way
              + (members.isEmpty() ? " none of " : " no more than " + members + " of ")
              + "\"jwks\", \"tls_client_auth_san_dns\", \"tls_client_auth_san_uri\" and"
              + " \"certificate_thumbprints\"; came "
              + proof.came()
              + ".");
    }
  }

  /// Every key must be one that we can check: none is passed over in silence.
  private KeySet keys(@Nullable JsonNode jwks) {
    if (jwks == null || !jwks.isObject()) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"jwks\", a JWK set with the client's public keys; came none.");
    }
    return switch (KeySet.read(mapper.writeValueAsBytes(jwks))) {
      case KeySetReading.Read(KeySet keys) when keys.keys().size() == jwks.path("keys").size() ->
          keys;
      case KeySetReading.Read read ->
          throw AdminError.INVALID_REQUEST.because(
              "Expected keys for ES256, Ed25519, RS256 or PS256 in \"jwks\"; came one for something else.");
      case KeySetReading.Unreadable(String detail) ->
          throw AdminError.INVALID_REQUEST.because("In \"jwks\": " + detail + ".");
    };
  }

  private static Set<ClientRight> rights(@Nullable List<@Nullable String> names) {
    var rights = EnumSet.noneOf(ClientRight.class);
    for (var name : set("rights", names)) {
      var right = ClientRight.ofWireName(name);
      if (right == null) {
        throw AdminError.INVALID_REQUEST.because(
            "Expected \"rights\" among "
                + ClientRight.wireNames()
                + "; came "
                + AdminError.word(name)
                + ".");
      }
      rights.add(right);
    }
    return rights;
  }

  static Set<String> set(String name, @Nullable List<@Nullable String> values) {
    var set = new TreeSet<String>();
    for (var value : values == null ? List.<@Nullable String>of() : values) {
      if (value == null || !set.add(value)) {
        throw AdminError.INVALID_REQUEST.because(
            "Expected each of \"" + name + "\" once; came one twice, or null.");
      }
    }
    return set;
  }

  private static SenderConstraint senderConstraint(@Nullable String name) {
    var constraint = name == null ? SenderConstraint.NONE : SenderConstraint.ofWireName(name);
    if (constraint == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"sender_constraint\" none, dpop or certificate; came "
              + AdminError.word(name + "")
              + ".");
    }
    return constraint;
  }

  private static Duration lifetime(@Nullable Long seconds) {
    if (seconds == null) {
      return ClientSettings.DEFAULT_LIFETIME;
    }
    if (seconds < 0 || seconds > Integer.MAX_VALUE) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"token_lifetime_seconds\" of at most 900; came " + seconds + ".");
    }
    return Duration.ofSeconds(seconds);
  }
}
