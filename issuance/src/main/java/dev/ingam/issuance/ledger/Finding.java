package dev.ingam.issuance.ledger;

/// What the ledger holds about a serial and a digest. Facts only: what they prove is for the judge.
public enum Finding {
  /// Issued, exactly this token. From `redeem`: accepted now.
  ISSUED,
  /// Issued, and past its expiry plus the skew, whatever else happened to it.
  EXPIRED,
  /// Issued, and used up before.
  REDEEMED,
  /// Issued, and revoked.
  REVOKED,
  /// Issued, single-use, and its book may have lost redemptions when the host stopped.
  SINGLE_USE_DOUBT,
  /// The slot holds another token: the serial was copied.
  ALTERED,
  /// The serial's check holds under no serial key of this installation.
  FABRICATED,
  /// A slot of a book that this process opened, without an entry: reserved, void or never handed
  /// out.
  NEVER_ENTERED,
  /// A slot of an older book, below its mark, that was voided: no token ever left with it.
  VOID,
  /// No such book, or a dropped one.
  UNKNOWN_BOOK,
  /// A book of another node.
  FOREIGN_BOOK,
  /// The book's file is missing, short, or older than what the installation remembers of it.
  INCOMPLETE_BOOK,
  /// The slot or the whole book holds what this ledger cannot have written.
  DAMAGED,
  /// A slot of an older book, without an entry, where one may have been lost.
  UNRECORDED
}
