package dev.ingam.server.token;

import dev.ingam.keys.Keyring;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import dev.ingam.server.door.Tagged;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/// A published key set: the public one for everybody ([RFC
/// 7517](https://www.rfc-editor.org/rfc/rfc7517)), or the authenticated one, with states, for
/// verifiers that ask the ledger. Written anew when a key changes.
public final class KeySetDoor {
  private static final HttpField CACHED =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "max-age=300, must-revalidate");

  /// A revoked key is refused as soon as a verifier has asked again.
  private static final HttpField CACHED_BY_THE_CALLER =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "private, max-age=5, must-revalidate");

  private record Written(long version, Tagged answer) {}

  private final Keyring keyring;
  private final boolean authenticated;
  // Any thread replaces it whole; losing a race costs one more writing.
  private volatile Written last;

  private KeySetDoor(Keyring keyring, boolean authenticated) {
    this.keyring = keyring;
    this.authenticated = authenticated;
    this.last = write();
  }

  public static KeySetDoor ofPublic(Keyring keyring) {
    return new KeySetDoor(keyring, false);
  }

  public static KeySetDoor ofAuthenticated(Keyring keyring) {
    return new KeySetDoor(keyring, true);
  }

  public Reply answer(Call call) {
    var known = last;
    if (known.version != keyring.version()) {
      known = write();
      last = known;
    }
    return known.answer.answer(call);
  }

  /// The version is read first: what changes meanwhile is written again at the next request.
  private Written write() {
    var version = keyring.version();
    var set = authenticated ? keyring.authenticatedSet() : keyring.publicSet();
    var cached = authenticated ? CACHED_BY_THE_CALLER : CACHED;
    return new Written(version, new Tagged(set.toJson(authenticated), cached));
  }
}
