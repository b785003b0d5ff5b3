package dev.ingam.issuance.ledger;

import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.time.Instant;

/// What the journal holds of one token.
public record JournalRow(
    Serial serial,
    TokenDigest digest,
    int kidIndex,
    boolean singleUse,
    Instant issuedAt,
    Instant expiresAt,
    Holder holder) {}
