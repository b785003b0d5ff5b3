package dev.ingam.issuance.judge;

/// What a token with a good signature of ours proves, given what the ledger holds.
public enum Conclusion {
  /// The key is out: it signed what we never issued.
  PROOF,
  /// Nothing: the token is ours, or the ledger cannot tell.
  NONE
}
