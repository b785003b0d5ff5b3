package dev.ingam.keys;

import dev.ingam.wire.KeyState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All keys and domains whose rows hold, as read at one moment.
///
/// @param keys the oldest first
/// @param papers by kid, of keys that have them
/// @param refused the rows that do not hold, as `table id`
/// @param missing rows that were there and are gone; nothing of ours deletes one
/// @param domainNames of all rows, those that do not hold too: no name is used twice
/// @param acknowledged the domains whose condemnation a person has taken up
record Inventory(
    List<KeyRow> keys,
    List<DomainRow> domains,
    Map<String, KeyPapers> papers,
    Set<String> refused,
    Set<String> missing,
    Set<String> domainNames,
    Set<String> acknowledged) {
  Inventory {
    keys =
        keys.stream()
            .sorted(
                Comparator.comparing((KeyRow key) -> key.birth().createdAt())
                    .thenComparing(KeyRow::kid))
            .toList();
    domains = List.copyOf(domains);
    papers = Map.copyOf(papers);
    refused = Set.copyOf(refused);
    missing = Set.copyOf(missing);
    domainNames = Set.copyOf(domainNames);
    acknowledged = Set.copyOf(acknowledged);
  }

  @Nullable KeyRow find(String kid) {
    return first(key -> key.kid().equals(kid));
  }

  /// @throws KeysException NO_SUCH_KEY
  KeyRow require(String kid) {
    var key = find(kid);
    if (key == null) {
      throw new KeysException(KeysException.Code.NO_SUCH_KEY, "there is no key " + kid);
    }
    return key;
  }

  @Nullable KeyRow active(String set) {
    return first(key -> key.birth().set().equals(set) && key.state() == KeyState.ACTIVE);
  }

  /// The keys of a set that wait for their turn, the oldest first.
  List<KeyRow> waiting(String set) {
    return keys.stream().filter(key -> waits(key, set) && !key.reserve()).toList();
  }

  /// The keys of a set that wait for an emergency, the oldest first.
  List<KeyRow> reserves(String set) {
    return keys.stream().filter(key -> waits(key, set) && key.reserve()).toList();
  }

  @Nullable DomainRow domain(String name) {
    return domains.stream().filter(domain -> domain.name().equals(name)).findFirst().orElse(null);
  }

  @Nullable DomainRow domain(DomainRole role) {
    return domains.stream().filter(domain -> domain.role() == role).findFirst().orElse(null);
  }

  /// Condemned domains, the earliest first.
  List<DomainRow> condemned() {
    return domains.stream()
        .filter(domain -> domain.role() == DomainRole.CONDEMNED)
        .sorted(
            Comparator.comparing(
                DomainRow::condemnedAt, Comparator.nullsFirst(Comparator.naturalOrder())))
        .toList();
  }

  /// Condemned domains that no person has taken up, the earliest first.
  List<DomainRow> unacknowledged() {
    return condemned().stream().filter(domain -> !acknowledged.contains(domain.name())).toList();
  }

  /// Whether this key took over in an emergency that a person has taken up.
  boolean isAcknowledgedSuccessor(String kid) {
    return condemned().stream()
        .filter(domain -> acknowledged.contains(domain.name()))
        .map(DomainRow::verdict)
        .anyMatch(verdict -> verdict != null && verdict.newKids().contains(kid));
  }

  /// Whether the key has a row that does not hold.
  boolean refuses(String kid) {
    return refused.contains("signing_key " + kid);
  }

  /// A name that no domain ever had.
  ///
  /// @param stores the names of those that have a store, whatever the rows say
  String nextDomain(Set<String> stores) {
    int number = domainNames.size() + 1;
    while (domainNames.contains("domain-" + number) || stores.contains("domain-" + number)) {
      number++;
    }
    return "domain-" + number;
  }

  private @Nullable KeyRow first(Predicate<KeyRow> wanted) {
    return keys.stream().filter(wanted).findFirst().orElse(null);
  }

  private static boolean waits(KeyRow key, String set) {
    return key.birth().set().equals(set) && key.state() == KeyState.PREPARED && key.privateHalf();
  }
}
