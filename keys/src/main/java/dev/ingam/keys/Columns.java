package dev.ingam.keys;

import dev.ingam.keys.DomainRow.Verdict;
import dev.ingam.keys.row.GuardedRow;
import dev.ingam.keys.row.GuardedTable.Column;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.KeyPurpose;
import dev.ingam.wire.KeyState;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How keys, domains and policies stand in the columns of their tables. Reads only rows whose MAC
/// holds: what it cannot read then is a fault of ours.
final class Columns {
  static final List<Column> KEY =
      List.of(
          Column.text("key_set"),
          Column.text("purpose"),
          Column.text("algorithm"),
          Column.text("domain"),
          Column.text("public_key"),
          Column.time("created_at"),
          Column.text("state"),
          Column.flag("reserve"),
          Column.flag("private_half"),
          Column.number("verify_for"),
          Column.time("activated_at"),
          Column.time("signs_until"),
          Column.time("verifies_until"),
          Column.time("tainted_at"),
          Column.time("ended_at"),
          Column.text("why"));

  static final List<Column> DOMAIN =
      List.of(
          Column.text("role"),
          Column.time("created_at"),
          Column.text("by_kid"),
          Column.text("cause"),
          Column.time("due_at"),
          Column.time("condemned_at"),
          Column.flag("compromised"),
          Column.text("tainted_kids"),
          Column.text("new_kids"));

  static final List<Column> SET =
      List.of(
          Column.text("purpose"),
          Column.text("algorithm"),
          Column.number("sign_for"),
          Column.number("publish_ahead"),
          Column.number("max_token_lifetime"),
          Column.number("skew"));

  static final List<Column> ACKNOWLEDGEMENT =
      List.of(Column.text("domain"), Column.time("at"), Column.text("actor"), Column.text("why"));

  static final List<Column> BIRTH =
      List.of(
          Column.text("store"),
          Column.text("device"),
          Column.flag("extractable"),
          Column.text("counted_by"),
          Column.number("sign_for"),
          Column.number("publish_ahead"),
          Column.number("max_token_lifetime"),
          Column.number("skew"),
          Column.number("event"));

  private Columns() {}

  static List<@Nullable String> of(KeyPapers papers) {
    var origin = papers.origin();
    var policy = papers.policy();
    return List.of(
        origin.store(),
        origin.device(),
        String.valueOf(origin.extractable()),
        origin.countedBy().wireName(),
        String.valueOf(policy.signFor().toSeconds()),
        String.valueOf(policy.publishAhead().toSeconds()),
        String.valueOf(policy.maxTokenLifetime().toSeconds()),
        String.valueOf(policy.skew().toSeconds()),
        String.valueOf(papers.event()));
  }

  static Map.Entry<String, KeyPapers> papers(GuardedRow row) {
    var columns = new Reading(row.columns());
    var origin =
        new KeyOrigin(
            columns.text(0),
            columns.text(1),
            columns.flag(2),
            KeyOrigin.CountedBy.valueOf(columns.text(3).toUpperCase(Locale.ROOT)));
    var policy =
        new KeyPolicy(
            columns.seconds(4), columns.seconds(5), columns.seconds(6), columns.seconds(7));
    return Map.entry(row.id(), new KeyPapers(origin, policy, Long.parseLong(columns.text(8))));
  }

  static List<@Nullable String> of(KeyRow key) {
    var birth = key.birth();
    var times = key.times();
    return Arrays.asList(
        birth.set(),
        birth.purpose().wireName(),
        birth.algorithm().jose(),
        birth.domain(),
        Base64Url.encode(birth.publicKey().getEncoded()),
        birth.createdAt().toString(),
        key.state().wireName(),
        String.valueOf(key.reserve()),
        String.valueOf(key.privateHalf()),
        String.valueOf(key.verifyFor().toSeconds()),
        text(times.activatedAt()),
        text(times.signsUntil()),
        text(times.verifiesUntil()),
        text(times.taintedAt()),
        text(times.endedAt()),
        key.why());
  }

  static KeyRow key(GuardedRow row) {
    var columns = new Reading(row.columns());
    var algorithm = Objects.requireNonNull(Algorithm.ofJose(columns.text(2)));
    var birth =
        new KeyBirth(
            row.id(),
            columns.text(0),
            Objects.requireNonNull(KeyPurpose.ofWireName(columns.text(1))),
            algorithm,
            columns.text(3),
            publicKey(algorithm, columns.text(4)),
            Instant.parse(columns.text(5)));
    return new KeyRow(
        birth,
        Objects.requireNonNull(KeyState.ofWireName(columns.text(6))),
        columns.flag(7),
        columns.flag(8),
        Duration.ofSeconds(Long.parseLong(columns.text(9))),
        new KeyTimes(
            columns.time(10),
            columns.time(11),
            columns.time(12),
            columns.time(13),
            columns.time(14)),
        columns.texts().get(15),
        row.version());
  }

  static List<@Nullable String> of(DomainRow domain) {
    var verdict = domain.verdict();
    return Arrays.asList(
        domain.role().wireName(),
        domain.createdAt().toString(),
        verdict == null ? null : verdict.byKid(),
        verdict == null ? null : verdict.cause(),
        verdict == null ? null : verdict.dueAt().toString(),
        verdict == null ? null : text(verdict.condemnedAt()),
        String.valueOf(verdict != null && verdict.compromised()),
        verdict == null ? "" : String.join(" ", verdict.taintedKids()),
        verdict == null ? "" : String.join(" ", verdict.newKids()));
  }

  static DomainRow domain(GuardedRow row) {
    var columns = new Reading(row.columns());
    var byKid = row.columns().get(2);
    var verdict =
        byKid == null
            ? null
            : new Verdict(
                byKid,
                columns.text(3),
                Instant.parse(columns.text(4)),
                columns.time(5),
                columns.flag(6),
                columns.words(7),
                columns.words(8));
    return new DomainRow(
        row.id(),
        DomainRole.valueOf(columns.text(0).toUpperCase(Locale.ROOT)),
        Instant.parse(columns.text(1)),
        verdict,
        row.version());
  }

  static List<@Nullable String> of(Acknowledgement acknowledgement) {
    return List.of(
        acknowledgement.domain(),
        acknowledgement.at().toString(),
        acknowledgement.actor(),
        acknowledgement.why());
  }

  /// The domain that a row of acknowledgements is about.
  static String acknowledged(GuardedRow row) {
    return new Reading(row.columns()).text(0);
  }

  static List<@Nullable String> of(KeySetConfig set) {
    var policy = set.policy();
    return Arrays.asList(
        set.purpose().wireName(),
        set.algorithm().jose(),
        String.valueOf(policy.signFor().toSeconds()),
        String.valueOf(policy.publishAhead().toSeconds()),
        String.valueOf(policy.maxTokenLifetime().toSeconds()),
        String.valueOf(policy.skew().toSeconds()));
  }

  private static PublicKey publicKey(Algorithm algorithm, String text) {
    try {
      var name =
          switch (algorithm) {
            case ES256 -> "EC";
            case ED25519 -> "Ed25519";
            case RS256, PS256 -> "RSA";
          };
      return KeyFactory.getInstance(name)
          .generatePublic(new X509EncodedKeySpec(Objects.requireNonNull(Base64Url.decode(text))));
    } catch (GeneralSecurityException e) {
      throw new KeysException(
          KeysException.Code.CRYPTO_UNAVAILABLE, "expected to read a public key of ours", e);
    }
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private record Reading(List<@Nullable String> texts) {
    String text(int index) {
      return Objects.requireNonNull(texts.get(index));
    }

    Duration seconds(int index) {
      return Duration.ofSeconds(Long.parseLong(text(index)));
    }

    boolean flag(int index) {
      return Boolean.parseBoolean(text(index));
    }

    @Nullable Instant time(int index) {
      var text = texts.get(index);
      return text == null ? null : Instant.parse(text);
    }

    List<String> words(int index) {
      return text(index).isEmpty() ? List.of() : List.of(text(index).split(" "));
    }
  }
}
