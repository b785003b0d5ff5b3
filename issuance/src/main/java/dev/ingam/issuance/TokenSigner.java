package dev.ingam.issuance;

import dev.ingam.keys.ActiveKey;
import dev.ingam.keys.Keyring;

/// Signs with the active keys of key sets.
interface TokenSigner {
  /// The key that signs for this set now.
  ///
  /// @throws dev.ingam.keys.KeysException when there is none
  ActiveKey active(String keySet);

  /// @throws dev.ingam.keys.KeysException `NOT_ACTIVE` when the key was replaced meanwhile
  byte[] sign(ActiveKey key, byte[] signingInput);

  static TokenSigner of(Keyring keyring) {
    return new TokenSigner() {
      @Override
      public ActiveKey active(String keySet) {
        return keyring.active(keySet);
      }

      @Override
      public byte[] sign(ActiveKey key, byte[] signingInput) {
        return keyring.sign(key, signingInput);
      }
    };
  }
}
