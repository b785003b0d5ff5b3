package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientAuthentication;
import dev.ingam.issuance.client.ClientChange;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.issuance.client.ClientSettings;
import dev.ingam.issuance.client.SenderConstraint;
import dev.ingam.issuance.judge.TestKeys;
import dev.ingam.issuance.judge.TestLedger;
import dev.ingam.issuance.session.LoginEvent;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.keys.ActiveKey;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.Recall;
import dev.ingam.testkit.SettableClock;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Issuance on a real database and a real ledger, with keys in memory and a clock that stands.
final class IssuanceFixture implements AutoCloseable {
  static final String ISSUER = "http://127.0.0.1:8420";
  static final String UPSTREAM = "https://login.example";
  static final String FORM = "application/x-www-form-urlencoded";

  final SettableClock clock = SettableClock.at("2026-11-23T09:00:00Z");

  /// The clock of the lease, which stands too.
  final AtomicLong nanos = new AtomicLong();

  final TestKeys keys = new TestKeys();
  final KeyPair upstreamKey = keyPair();
  final KeyPair clientKey = keyPair();
  final SealingKeys sealing;
  final TestLedger ledger;
  final NodeLease lease;

  /// What happens while a token is made, between its checks and its signature.
  volatile Runnable beforeSigning = () -> {};

  final Issuance issuance;

  IssuanceFixture(TestDatabase database, Path folder) {
    this(database, folder, Sessions.Limits.defaults());
  }

  IssuanceFixture(TestDatabase database, Path folder, Sessions.Limits limits) {
    empty(database);
    sealing = TestLedger.sealing();
    ledger = TestLedger.in(folder, clock);
    var around =
        new Issuance.Surroundings(
            database.server(), sealing, clock, nanos::get, new SecureRandom(), null);
    lease = Issuance.acquireLease(around, "node-1", UUID.randomUUID().toString());
    var config =
        IssuanceConfig.of(ISSUER, new UpstreamIssuer(UPSTREAM, keySet(upstreamKey)))
            .withSessions(limits);
    issuance = new Issuance(config, around, doors(), ledger.get(), lease);
  }

  /// Forgets what a test before left in the database.
  static void empty(TestDatabase database) {
    database
        .ownerClient()
        .sql(
            "truncate issuance.client, issuance.route, issuance.route_set, issuance.audience,"
                + " issuance.audience_set, issuance.subject, issuance.session,"
                + " issuance.theft_proof, issuance.theft_count,"
                + " issuance.theft_acknowledgement, issuance.node_lease,"
                + " issuance.watermark, issuance.watermark_set,"
                + " issuance.observed,"
                + " issuance.event")
        .update();
  }

  KeyDoors doors() {
    var signer =
        new TokenSigner() {
          @Override
          public ActiveKey active(String keySet) {
            return keys.active(keySet);
          }

          @Override
          public byte[] sign(ActiveKey key, byte[] signingInput) {
            beforeSigning.run();
            return keys.sign(key, signingInput);
          }
        };
    return new KeyDoors(signer, Set.of("access", "legacy"), keys, keys::condemn, Recall.NONE);
  }

  /// A client with a secret, which is told.
  String secretClient(String id, Set<ClientRight> rights) {
    var change = create(id, new ClientAuthentication.ClientSecret(), rights, false);
    return ((ClientChange.Changed) change).secret().reveal();
  }

  /// A client that signs with [#clientKey].
  Client keyClient(String id, ClientRight... rights) {
    var keysOfClient = new ClientAuthentication.PrivateKeyJwt(keySet(clientKey));
    return ((ClientChange.Changed) create(id, keysOfClient, Set.of(rights), false)).client();
  }

  ClientChange create(
      String id, ClientAuthentication how, Set<ClientRight> rights, boolean singleUse) {
    return create(id, how, rights, singleUse, SenderConstraint.NONE);
  }

  ClientChange create(
      String id,
      ClientAuthentication how,
      Set<ClientRight> rights,
      boolean singleUse,
      SenderConstraint senderConstraint) {
    return issuance
        .clients()
        .create(
            new ClientSettings(
                id,
                how,
                rights,
                Set.of("orders.read", "profile"),
                Set.of("https://shop.example"),
                Duration.ofMinutes(5),
                singleUse,
                senderConstraint),
            "test");
  }

  /// Posts a form.
  TokenResponse post(Listener listener, Map<String, String> form) {
    return post(listener, null, encode(form));
  }

  TokenResponse post(Listener listener, String authorization, String body) {
    return issuance
        .tokens()
        .handle(
            new TokenRequest(listener, FORM, authorization, body.getBytes(StandardCharsets.UTF_8)));
  }

  /// Posts a form with a DPoP proof.
  TokenResponse prove(Listener listener, Map<String, String> form, String proof) {
    var body = encode(form).getBytes(StandardCharsets.UTF_8);
    return issuance.tokens().handle(new TokenRequest(listener, FORM, null, body, null, proof));
  }

  static String encode(Map<String, String> form) {
    return form.entrySet().stream()
        .map(each ->
            each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /// A token of a client for itself.
  String token(String id, String secret) {
    var response =
        post(
            Listener.PUBLIC,
            Map.of("grant_type", "client_credentials", "client_id", id, "client_secret", secret));
    return json(response).string("access_token");
  }

  /// An assertion of a client as it should be.
  String assertion(String clientId) {
    var now = clock.instant().getEpochSecond();
    return jwt(
        clientKey,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"exp\":%d,\"iat\":%d,\"jti\":\"%s\"}"
            .formatted(clientId, clientId, ISSUER, now + 60, now, UUID.randomUUID()));
  }

  /// What the upstream vouches for.
  String subjectToken(String subject, String session) {
    var now = clock.instant().getEpochSecond();
    return jwt(
        upstreamKey,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"exp\":%d,\"sid\":\"%s\"}"
            .formatted(UPSTREAM, subject, ISSUER, now + 120, session));
  }

  Map<String, String> exchange(String clientId, String subjectToken) {
    return Map.of(
        "grant_type", TokenTypes.EXCHANGE_GRANT,
        "subject_token", subjectToken,
        "subject_token_type", TokenTypes.JWT,
        "client_assertion_type", TokenTypes.ASSERTION,
        "client_assertion", assertion(clientId));
  }

  /// Opens a session and tells its id.
  String login(String subject) {
    var opening =
        issuance
            .sessions()
            .open(
                new LoginEvent(subject, clock.instant(), "password+otp", "203.0.113.7"),
                "login-system");
    return ((Sessions.Opened) opening).id().reveal();
  }

  static JsonObject json(TokenResponse response) {
    return JsonObject.read(response.json());
  }

  static String error(TokenResponse response) {
    return response.status() + " " + json(response).string("error");
  }

  static KeyPair keyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeySet keySet(KeyPair pair) {
    return new KeySet(
        List.of(
            VerificationKey.ours(
                Algorithm.ED25519, pair.getPublic(), KeyPurpose.ACCESS_TOKEN, KeyState.ACTIVE)));
  }

  static String jwt(KeyPair pair, String payload) {
    return jwt(pair, "{\"alg\":\"Ed25519\",\"typ\":\"JWT\"}", payload);
  }

  static String jwt(KeyPair pair, String header, String payload) {
    var input =
        Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64Url.encode(payload.getBytes(StandardCharsets.UTF_8));
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + Base64Url.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    issuance.close();
  }
}
