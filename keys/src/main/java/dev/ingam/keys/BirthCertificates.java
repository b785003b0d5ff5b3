package dev.ingam.keys;

import dev.ingam.wire.BirthCertificate;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.JsonWriter;
import dev.ingam.wire.KeySet;
import dev.ingam.wire.KeyState;
import dev.ingam.wire.VerificationKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The birth certificates of all keys, signed by the key that signs statements now: when that is
/// replaced, as by a theft, they are signed anew by its successor. What they say stands in rows
/// that were written with the keys.
///
/// `renew` is called by one thread at a time; the rest may be called concurrently and never waits.
public final class BirthCertificates {
  static final String KEY_SET = "statement";

  private final Keyring keyring;
  private final Supplier<List<KeyView>> keys;
  private final String issuer;
  private volatile Signed signed = Signed.NONE;

  /// @param by the key that signed; empty when none did yet
  /// @param json what is served
  private record Signed(
      List<KeyView> keys, String by, SortedMap<String, String> byKid, byte[] json) {
    static final Signed NONE =
        new Signed(
            List.of(), "", new TreeMap<>(), BirthCertificates.json(List.of(), new TreeMap<>()));
  }

  /// @param keys as of now, from memory
  /// @param issuer of the tokens that they sign
  public BirthCertificates(Keyring keyring, Supplier<List<KeyView>> keys, String issuer) {
    this.keyring = keyring;
    this.keys = keys;
    this.issuer = issuer;
  }

  /// Signs what is not signed yet, when keys have changed.
  ///
  /// @throws KeysException when no key can sign statements now; what was signed before stays
  public void renew() {
    var now = keys.get();
    var before = signed;
    if (now.equals(before.keys)) {
      return;
    }
    var active = keyring.active(KEY_SET);
    var by = Objects.requireNonNull(keyring.find(active.kid()));
    var kept = active.kid().equals(before.by) ? before.byKid : Map.<String, String>of();
    var byKid = new TreeMap<String, String>();
    for (var key : now) {
      var papers = key.papers();
      if (key.state() != KeyState.DESTROYED && papers != null) {
        var known = kept.get(key.kid());
        byKid.put(key.kid(), known == null ? sign(certificate(key, papers), active, by) : known);
      }
    }
    signed = new Signed(now, by.kid(), byKid, json(List.of(by), byKid));
  }

  /// That of one key; null when it has none, or none yet.
  public @Nullable String of(String kid) {
    return signed.byKid.get(kid);
  }

  /// All as JSON: the key that signed them as a JWK set, and the certificates under `births`. Both
  /// are empty before the first were signed. The same array as long as nothing changed.
  public byte[] json() {
    return signed.json;
  }

  private String sign(BirthCertificate certificate, ActiveKey active, VerificationKey by) {
    var input = certificate.signingInput(by);
    return CompactJws.complete(input, keyring.sign(active, input));
  }

  private BirthCertificate certificate(KeyView key, KeyPapers papers) {
    var origin = papers.origin();
    var policy = papers.policy();
    return new BirthCertificate(
        issuer,
        Objects.requireNonNull(keyring.find(key.kid())),
        key.set(),
        key.domain(),
        key.createdAt(),
        new BirthCertificate.Making(
            origin.store(),
            origin.device(),
            origin.extractable(),
            origin.countedBy().wireName(),
            new BirthCertificate.Periods(
                policy.signFor().toSeconds(),
                policy.publishAhead().toSeconds(),
                policy.verifyFor().toSeconds()),
            papers.event()));
  }

  private static byte[] json(List<VerificationKey> by, SortedMap<String, String> byKid) {
    var json = new JsonWriter().beginObject();
    new KeySet(by).writeTo(json);
    json.name("births").beginArray();
    byKid.values().forEach(json::value);
    return json.endArray().endObject().toBytes();
  }
}
