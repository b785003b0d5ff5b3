package dev.ingam.server.start;

import dev.ingam.keys.KeyPolicy;
import dev.ingam.keys.KeySetConfig;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The key sets that sign access tokens: their algorithms, the policy that they share, and where
/// their keys are.
///
/// @param algorithm of the set `access`
/// @param legacyAlgorithm of the set `legacy`, for verifiers that know RSA alone; null when there
///   is none
/// @param stores in the order in which they fill; empty for files alone
public record KeySettings(
    @Meaning(
            value = "What the keys of the set access sign with: ES256 or Ed25519.",
            gains = "Nothing.")
        @DefaultValue("ES256")
        String algorithm,
    @Meaning(
            value =
                "RS256 or PS256: a second key set, legacy, for audiences whose verifiers know "
                    + "RSA alone (ingam audiences set).",
            gains =
                "Nothing but slower tokens; who takes it away stops tokens for those audiences.",
            otherwise = "none")
        @Nullable String legacyAlgorithm,
    @Meaning(
            value = "How long a key signs; at most 14 days.",
            gains = "Lengthens the use of a stolen key, up to that.")
        @DefaultValue("24h")
        Duration signFor,
    @Meaning(
            value =
                "How long a key is published before it signs; at least the longest cache of a "
                    + "verifier.",
            gains = "Shortened: verifiers that cache the key set refuse honest tokens for a while.")
        @DefaultValue("24h")
        Duration publishAhead,
    @DefaultValue List<StoreSettings> stores,
    @DefaultValue WrappingSettings wrapping) {

  /// The sets as configured; sound when [#problems] is empty.
  public List<KeySetConfig> sets() {
    var sets = new ArrayList<KeySetConfig>();
    var usual = Algorithm.ofJose(algorithm);
    if (usual != null && !usual.isRsa()) {
      sets.add(new KeySetConfig("access", KeyPurpose.ACCESS_TOKEN, usual, policy()));
    }
    var legacy = legacyAlgorithm == null ? null : Algorithm.ofJose(legacyAlgorithm);
    if (legacy != null && legacy.isRsa()) {
      sets.add(KeySetConfig.legacy(legacy, policy()));
    }
    return List.copyOf(sets);
  }

  private KeyPolicy policy() {
    var standard = KeyPolicy.standard(KeyPurpose.ACCESS_TOKEN);
    return new KeyPolicy(signFor, publishAhead, standard.maxTokenLifetime(), standard.skew());
  }

  /// A token stands once among them: its PIN reaches everything in it.
  private void addStores(List<String> problems) {
    for (int i = 0; i < stores.size(); i++) {
      var name = "ingam.keys.stores[" + i + "]";
      var store = stores.get(i);
      problems.addAll(store.problems(name));
      if (stores.subList(0, i).stream()
          .anyMatch(before -> before.isIn(store.library(), store.token()))) {
        problems.add(name + ": expected each token once, came " + store.token() + " again");
      }
    }
  }

  /// Everything wrong with these settings, at once; empty when nothing is.
  ///
  /// @param data the data folder
  List<String> problems(Path data) {
    var problems = new ArrayList<String>();
    var usual = Algorithm.ofJose(algorithm);
    if (usual == null || usual.isRsa()) {
      problems.add(
          String.format(
              Locale.ROOT,
              "ingam.keys.algorithm: expected ES256 or Ed25519, came %s; RSA is for the audiences that need it: ingam.keys.legacy-algorithm",
              algorithm));
    }
    var legacy = legacyAlgorithm == null ? null : Algorithm.ofJose(legacyAlgorithm);
    if (legacyAlgorithm != null && (legacy == null || !legacy.isRsa())) {
      problems.add(
          "ingam.keys.legacy-algorithm: expected RS256 or PS256, or nothing, came "
              + legacyAlgorithm);
    }
    addStores(problems);
    problems.addAll(wrapping.problems(data, stores));
    // The policy is checked whatever the algorithms are.
    var checked = new KeySetConfig("access", KeyPurpose.ACCESS_TOKEN, Algorithm.ES256, policy());
    KeySetConfig.problems(List.of(checked))
        .forEach(problem -> problems.add("ingam.keys: " + problem));
    return problems;
  }
}
