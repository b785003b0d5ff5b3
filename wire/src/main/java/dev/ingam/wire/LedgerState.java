package dev.ingam.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What verifiers ask the ledger for each second, `GET /ledger/state`: the watermarks that are
/// live, and the audiences whose trust level is lowered. `docs/spec/ledger-protocol.md` states it.
/// Members at the top that a reader does not know are passed over, so that more can be said later;
/// within a watermark or a lowered level nothing unknown may stand.
///
/// @param subjectKey of [SubjectDigest], 32 bytes in base64url
/// @param trust each audience once; every other one has the level required
public record LedgerState(String subjectKey, List<Watermark> watermarks, List<LoweredTrust> trust) {
  /// The longest document that is read.
  public static final int MAX_BYTES = 512 * 1024;

  /// Watermarks in it at most.
  public static final int MAX_WATERMARKS = 256;

  /// Lowered audiences in it at most.
  public static final int MAX_LOWERED = 64;

  private static final long VERSION = 1;
  private static final int TRUST_MEMBERS = 3;

  public LedgerState {
    watermarks = List.copyOf(watermarks);
    trust = List.copyOf(trust);
    if (!isKey(subjectKey)) {
      throw new IllegalArgumentException("expected a key of 32 bytes in base64url");
    }
    if (watermarks.size() > MAX_WATERMARKS) {
      throw new IllegalArgumentException("expected at most 256 watermarks");
    }
    if (!isTrust(trust)) {
      throw new IllegalArgumentException("expected at most 64 lowered audiences, each once");
    }
  }

  /// A state in which no audience is lowered.
  public LedgerState(String subjectKey, List<Watermark> watermarks) {
    this(subjectKey, watermarks, List.of());
  }

  /// The same watermarks, with these lowered audiences.
  public LedgerState withTrust(List<LoweredTrust> newTrust) {
    return new LedgerState(subjectKey, watermarks, newTrust);
  }

  /// How much proof tokens of this audience need at this second.
  public TrustLevel trust(String audience, long seconds) {
    for (var lowered : trust) {
      if (lowered.audience().equals(audience)) {
        return lowered.at(seconds);
      }
    }
    return TrustLevel.REQUIRED;
  }

  /// Whether a watermark revokes this token.
  public boolean revokes(AccessToken token) {
    for (var watermark : watermarks) {
      if (watermark.hits(token, () -> digest(token))) {
        return true;
      }
    }
    return false;
  }

  private String digest(AccessToken token) {
    var key = Base64Url.decode(subjectKey);
    if (key == null) {
      throw new IllegalStateException("expected the key that was checked");
    }
    return new SubjectDigest(key).of(token.claims().subject());
  }

  public byte[] toJson() {
    var json = new JsonWriter(1024).beginObject().member("v", VERSION);
    json.member("subject_key", subjectKey).name("watermarks").beginArray();
    for (var watermark : watermarks) {
      json.beginObject().member("target", watermark.target().wireName());
      if (watermark.target() != Watermark.Target.ALL) {
        json.member("value", watermark.value());
      }
      writeMoment(json, watermark);
      json.endObject();
    }
    json.endArray();
    writeTrust(json);
    return json.endObject().toBytes();
  }

  private void writeTrust(JsonWriter json) {
    if (trust.isEmpty()) {
      return;
    }
    json.name("trust").beginArray();
    for (var lowered : trust) {
      json.beginObject()
          .member("audience", lowered.audience())
          .member("level", lowered.level().wireName())
          .member("until", lowered.until())
          .endObject();
    }
    json.endArray();
  }

  private static void writeMoment(JsonWriter json, Watermark watermark) {
    var issuedUntil = watermark.issuedUntil();
    if (issuedUntil != null) {
      json.member("issued_until", issuedUntil);
      return;
    }
    json.name("serials").beginArray();
    watermark.serials().forEach(range -> json.value(range.toString()));
    json.endArray();
  }

  /// Reads a document of at most 512 KiB.
  public static LedgerStateReading read(byte[] utf8) {
    var json = JsonObject.read(utf8, MAX_BYTES);
    var version = json == null ? null : json.number("v");
    if (json == null || version == null || version != VERSION) {
      return new LedgerStateReading.Unreadable("expected a ledger state of version 1");
    }
    var key = json.string("subject_key");
    var list = json.objects("watermarks");
    if (key == null || !isKey(key) || list == null || list.size() > MAX_WATERMARKS) {
      return new LedgerStateReading.Unreadable(
          "expected subject_key of 32 bytes in base64url and at most 256 watermarks");
    }
    var watermarks = new ArrayList<Watermark>(list.size());
    for (var each : list) {
      var watermark = watermark(each);
      if (watermark == null) {
        return new LedgerStateReading.Unreadable(
            "expected watermarks of target, value unless it is all, and serials or issued_until");
      }
      watermarks.add(watermark);
    }
    var trust = trust(json);
    return trust == null
        ? new LedgerStateReading.Unreadable(
            "expected trust of at most 64 audiences, each once, with level and until")
        : new LedgerStateReading.Read(new LedgerState(key, watermarks, trust));
  }

  /// None is lowered where the member is absent; null when it is there and not of this form.
  private static @Nullable List<LoweredTrust> trust(JsonObject json) {
    if (!json.has("trust")) {
      return List.of();
    }
    var list = json.objects("trust");
    if (list == null || list.size() > MAX_LOWERED) {
      return null;
    }
    var trust = new ArrayList<LoweredTrust>(list.size());
    for (var each : list) {
      var lowered = lowered(each);
      if (lowered == null) {
        return null;
      }
      trust.add(lowered);
    }
    return isTrust(trust) ? trust : null;
  }

  private static @Nullable LoweredTrust lowered(JsonObject json) {
    var audience = json.string("audience");
    var name = json.string("level");
    var level = name == null ? null : TrustLevel.ofWireName(name);
    var until = json.number("until");
    if (audience == null || level == null || until == null) {
      return null;
    }
    var whole =
        json.names().size() == TRUST_MEMBERS
            && LoweredTrust.isAudience(audience)
            && level.isLowered()
            && Watermark.isTime(until);
    return whole ? new LoweredTrust(audience, level, until) : null;
  }

  private static boolean isTrust(List<LoweredTrust> trust) {
    var audiences = new HashSet<String>();
    return trust.size() <= MAX_LOWERED
        && trust.stream().allMatch(each -> audiences.add(each.audience()));
  }

  private static @Nullable Watermark watermark(JsonObject json) {
    var name = json.string("target");
    var target = name == null ? null : Watermark.Target.ofWireName(name);
    if (target == null) {
      return null;
    }
    var value = json.string("value");
    var text = value == null ? "" : value;
    var members = target == Watermark.Target.ALL ? 2 : 3;
    if (!Watermark.isValue(target, text) || json.names().size() != members) {
      return null;
    }
    var issuedUntil = json.number("issued_until");
    if (issuedUntil != null) {
      return Watermark.isTime(issuedUntil)
          ? new Watermark(target, text, List.of(), issuedUntil)
          : null;
    }
    var serials = serials(json.strings("serials"));
    return serials == null ? null : new Watermark(target, text, serials, null);
  }

  private static @Nullable List<SerialRange> serials(@Nullable List<String> texts) {
    if (texts == null || texts.size() > Watermark.MAX_RANGES) {
      return null;
    }
    var ranges = new ArrayList<SerialRange>(texts.size());
    for (var text : texts) {
      var range = SerialRange.parse(text);
      if (range == null) {
        return null;
      }
      ranges.add(range);
    }
    return ranges;
  }

  private static boolean isKey(String text) {
    var bytes = Base64Url.decode(text);
    return bytes != null && bytes.length == SubjectDigest.KEY_BYTES;
  }
}
