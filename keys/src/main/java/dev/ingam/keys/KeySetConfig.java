package dev.ingam.keys;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// A key set as configured: keys of one purpose that follow each other.
///
/// @param name 1 to 32 small letters, digits and hyphens
/// @param algorithm of keys made from now on; those that exist keep theirs
public record KeySetConfig(String name, KeyPurpose purpose, Algorithm algorithm, KeyPolicy policy) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final int MOST_SETS = 4;

  /// The set that signs access tokens unless told otherwise: `access`, ES256, a new key each day.
  public static KeySetConfig access() {
    return new KeySetConfig(
        "access",
        KeyPurpose.ACCESS_TOKEN,
        Algorithm.ES256,
        KeyPolicy.standard(KeyPurpose.ACCESS_TOKEN));
  }

  /// The set that signs access tokens for verifiers which know RSA alone: `legacy`. It stands
  /// beside another one; what else holds for that one holds for it.
  public static KeySetConfig legacy(Algorithm algorithm, KeyPolicy policy) {
    if (!algorithm.isRsa()) {
      throw new IllegalArgumentException("expected RS256 or PS256, came " + algorithm.jose());
    }
    return new KeySetConfig("legacy", KeyPurpose.ACCESS_TOKEN, algorithm, policy);
  }

  /// The set that signs statements about keys: `statement`, ES256, a new key each year.
  public static KeySetConfig statements() {
    return new KeySetConfig(
        BirthCertificates.KEY_SET,
        KeyPurpose.STATEMENT,
        Algorithm.ES256,
        KeyPolicy.standard(KeyPurpose.STATEMENT));
  }

  /// Whether the set holds a reserve key in another custody domain: those whose keys verifiers find
  /// by the JWK set.
  boolean holdsReserve() {
    return purpose == KeyPurpose.ACCESS_TOKEN || purpose == KeyPurpose.ID_TOKEN;
  }

  /// Everything that is wrong with these sets, each with the set's name; empty when nothing is.
  public static List<String> problems(List<KeySetConfig> sets) {
    var problems = new ArrayList<String>();
    if (sets.isEmpty() || sets.size() > MOST_SETS) {
      problems.add("expected 1 to " + MOST_SETS + " key sets, came " + sets.size());
    }
    var names = new HashSet<String>();
    for (var set : sets) {
      if (!names.add(set.name)) {
        problems.add("key set " + set.name + ": expected each name once, came twice");
      }
      set.problems().forEach(problem -> problems.add("key set " + set.name + ": " + problem));
    }
    return problems;
  }

  private List<String> problems() {
    var problems = new ArrayList<String>();
    if (!NAME.matcher(name).matches()) {
      problems.add("expected a name of 1 to 32 small letters, digits and hyphens");
    }
    if (algorithm.isRsa() && !holdsReserve()) {
      problems.add(
          "algorithm is "
              + algorithm.jose()
              + "; expected ES256 or Ed25519: RSA is for tokens alone");
    }
    problems.addAll(policy.problems(purpose));
    return problems;
  }
}
