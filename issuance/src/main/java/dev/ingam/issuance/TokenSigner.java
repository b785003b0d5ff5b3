package dev.ingam.issuance;

import dev.ingam.keys.ActiveKey;
import dev.ingam.keys.Keyring;

/// Signs with the active key of one key set.
interface TokenSigner {
  /// @throws dev.ingam.keys.KeysException when there is none
  ActiveKey active();

  /// @throws dev.ingam.keys.KeysException `NOT_ACTIVE` when the key was replaced meanwhile
  byte[] sign(ActiveKey key, byte[] signingInput);

  static TokenSigner of(Keyring keyring, String keySet) {
    return new TokenSigner() {
      @Override
      public ActiveKey active() {
        return keyring.active(keySet);
      }

      @Override
      public byte[] sign(ActiveKey key, byte[] signingInput) {
        return keyring.sign(key, signingInput);
      }
    };
  }
}
