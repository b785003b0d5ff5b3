package dev.ingam.keys;

/// Where the stores of custody domains can be.
public interface StorePlace extends SigningStores {
  /// Whether one more store can be made here.
  ///
  /// @throws KeysException STORE_UNAVAILABLE when the place cannot be reached: not knowing is no
  ///   "no", or a new domain would go to a lesser place while an HSM is away
  boolean hasRoom();
}
