package dev.ingam.keys;

import java.util.Map;
import java.util.Set;

/// The stores of this installation, one for each custody domain. What it does is durable when it
/// returns and idempotent; it is called by one thread at a time.
public interface SigningStores {
  /// The domains that have a store here.
  Set<String> domains();

  /// Makes the store of a new domain with a master key of its own; what a broken-off call left is
  /// taken up.
  SigningStore create(String domain);

  /// The store of a domain that exists.
  ///
  /// @throws KeysException MASTER_KEY_MISSING, MASTER_KEY_WRONG, STORE_DAMAGED, STORE_UNAVAILABLE
  SigningStore open(String domain);

  /// Encrypts what is in the stores under new master keys, where they have some, and answers the
  /// names of those. One that is broken off leaves a store under the old one or the new.
  Set<String> renewMasterKeys();

  /// What keeps stores from being used, by domain, as their last use showed; empty when nothing
  /// does. It asks nobody and never waits.
  Map<String, String> troubles();

  /// Destroys the store with all that is in it, and its master key: the domain is condemned.
  /// Idempotent.
  void discard(String domain);

  /// Takes back a store that a broken-off call left, of which no key was ever kept: its place is
  /// free again. Idempotent.
  void abandon(String domain);
}
