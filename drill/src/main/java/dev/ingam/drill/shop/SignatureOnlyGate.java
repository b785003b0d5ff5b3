package dev.ingam.drill.shop;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeySetReading;
import dev.ingam.wire.SignatureCheck;
import dev.ingam.wire.VerificationKey;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The gate of 2025: a good signature under a key of the public JWK set and a time that has not
/// passed, and nothing else. It keeps every key that it once saw, as that gate did: there nobody
/// took a key away for 322 days.
final class SignatureOnlyGate implements Gate {
  private static final String SCHEME = "Bearer ";

  private final HttpCaller http;
  private final URI jwks;
  private final Clock clock;
  private final SignatureCheck signatures = new SignatureCheck(null);
  private final Map<String, VerificationKey> keys = new ConcurrentHashMap<>();

  SignatureOnlyGate(HttpCaller http, URI publicListener, Clock clock) {
    this.http = http;
    this.jwks = publicListener.resolve("/oauth2/jwks");
    this.clock = clock;
  }

  @Override
  public Decision decide(String method, String path, String authorization) {
    if (!authorization.startsWith(SCHEME)) {
      return new Decision.Refused(401, "no_token");
    }
    var jws = CompactJws.read(authorization.substring(SCHEME.length()));
    if (jws == null || !signedByAKeyOfTheSet(jws)) {
      return new Decision.Refused(401, "bad_signature");
    }
    var claims = Json.readOrNull(jws.payload());
    var subject = claims == null ? null : claims.textOrNull("sub");
    if (claims == null
        || subject == null
        || !(claims.members().get("exp") instanceof Long expiry)) {
      return new Decision.Refused(401, "malformed");
    }
    return clock.instant().getEpochSecond() < expiry
        ? new Decision.Allowed(subject)
        : new Decision.Refused(401, "expired");
  }

  /// Fetches the set now, so that the first request does not wait for it.
  ///
  /// @throws DrillException when there is none: a gate without keys would refuse everybody, and
  ///   look safe
  void fetch() {
    switch (KeySet.read(http.get(jwks, Map.of()).expect("the public JWK set").bytes())) {
      case KeySetReading.Read(KeySet set) -> set.keys().forEach(key -> keys.put(key.kid(), key));
      case KeySetReading.Unreadable(String detail) ->
          throw new DrillException("the public JWK set of " + jwks + ": " + detail);
    }
  }

  private boolean signedByAKeyOfTheSet(CompactJws jws) {
    var kid = jws.kid();
    var key = kid == null ? null : find(kid);
    return key != null
        && key.algorithm().jose().equals(jws.algorithm())
        && signatures.verify(key, jws.signingInput(), jws.signature());
  }

  private @Nullable VerificationKey find(String kid) {
    if (!keys.containsKey(kid)) {
      fetch();
    }
    return keys.get(kid);
  }
}
