package dev.ingam.keys;

import java.util.Locale;

/// Where and how a key was made, as its store says at that moment.
///
/// @param store the kind of store: `file` or `pkcs11`
/// @param device what made it: the HSM with its serial number and token, or the crypto provider
/// @param extractable whether whoever reaches the store can read the private key: true of files
/// @param countedBy who counts its signatures
public record KeyOrigin(String store, String device, boolean extractable, CountedBy countedBy) {
  /// Who counts what a key signs.
  public enum CountedBy {
    /// The HSM itself: what is signed past us is counted too.
    DEVICE,
    /// The process that signs: it knows of its own signatures alone.
    PROCESS;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
