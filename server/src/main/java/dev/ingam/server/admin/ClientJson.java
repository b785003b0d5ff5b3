package dev.ingam.server.admin;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientAuthentication.ClientSecret;
import dev.ingam.issuance.client.ClientAuthentication.PrivateKeyJwt;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
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

  private final JsonMapper mapper;

  ClientJson(JsonMapper mapper) {
    this.mapper = mapper;
  }

  @Schema(name = "Client")
  record Shown(
      String id,
      String authentication,
      @Schema(implementation = Object.class, description = "JWK set") @Nullable JsonNode jwks,
      List<String> rights,
      List<String> scopes,
      List<String> audiences,
      long tokenLifetimeSeconds,
      boolean singleUse,
      boolean enabled,
      long version) {}

  @Schema(name = "NewClient")
  record New(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String id,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String authentication,
      @Schema(implementation = Object.class, description = "JWK set") @Nullable JsonNode jwks,
      @Nullable List<@Nullable String> rights,
      @Nullable List<@Nullable String> scopes,
      @Nullable List<@Nullable String> audiences,
      @Nullable Long tokenLifetimeSeconds,
      @Nullable Boolean singleUse) {}

  @Schema(name = "ClientChange")
  record Change(
      @Schema(implementation = Object.class, description = "JWK set") @Nullable JsonNode jwks,
      @Nullable List<@Nullable String> rights,
      @Nullable List<@Nullable String> scopes,
      @Nullable List<@Nullable String> audiences,
      @Nullable Long tokenLifetimeSeconds,
      @Nullable Boolean singleUse,
      @Nullable Boolean enabled,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable Long version) {}

  Shown shown(Client client) {
    return new Shown(
        client.id(),
        client.authentication() instanceof ClientSecret ? BY_SECRET : BY_KEY,
        client.authentication() instanceof PrivateKeyJwt(KeySet keys)
            ? mapper.readTree(keys.toJson(false))
            : null,
        client.rights().stream().sorted().map(ClientRight::wireName).toList(),
        List.copyOf(new TreeSet<>(client.scopes())),
        List.copyOf(new TreeSet<>(client.audiences())),
        client.tokenLifetime().toSeconds(),
        client.singleUse(),
        client.enabled(),
        client.version());
  }

  ClientSettings settings(New body) {
    return new ClientSettings(
        there("id", body.id()),
        authentication(there("authentication", body.authentication()), body.jwks()),
        rights(body.rights()),
        set("scopes", body.scopes()),
        set("audiences", body.audiences()),
        lifetime(body.tokenLifetimeSeconds()),
        Boolean.TRUE.equals(body.singleUse()));
  }

  /// What the client becomes: the id and the way of authentication stay.
  ClientSettings settings(Client before, Change body) {
    var way = before.authentication() instanceof ClientSecret ? BY_SECRET : BY_KEY;
    return new ClientSettings(
        before.id(),
        authentication(way, body.jwks()),
        rights(body.rights()),
        set("scopes", body.scopes()),
        set("audiences", body.audiences()),
        lifetime(body.tokenLifetimeSeconds()),
        Boolean.TRUE.equals(body.singleUse()));
  }

  private static String there(String name, @Nullable String value) {
    if (value == null) {
      throw AdminError.INVALID_REQUEST.because("Expected \"" + name + "\"; it is missing.");
    }
    return value;
  }

  private ClientAuthentication authentication(String way, @Nullable JsonNode jwks) {
    return switch (way) {
      case BY_SECRET -> {
        if (jwks != null && !jwks.isNull()) {
          throw AdminError.INVALID_REQUEST.because(
              "Expected no \"jwks\" for a client with a secret. Leave it out, or say private_key_jwt.");
        }
        yield new ClientSecret();
      }
      case BY_KEY -> new PrivateKeyJwt(keys(jwks));
      default ->
          throw AdminError.INVALID_REQUEST.because(
              "Expected \"authentication\" client_secret or private_key_jwt; came another.");
    };
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
            "Expected \"rights\" among client_credentials, token_exchange, login_events and ledger; came another.");
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

  private static Duration lifetime(@Nullable Long seconds) {
    if (seconds == null) {
      return ClientSettings.DEFAULT_LIFETIME;
    }
    if (seconds < 0 || seconds > Integer.MAX_VALUE) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"token_lifetime_seconds\" of at most 900; came another.");
    }
    return Duration.ofSeconds(seconds);
  }
}
