package dev.ingam.issuance.judge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A kept proof, without the token: what an operator's list shows.
///
/// @param subjectKnown whether its subject exists; null when that could not be found out
public record Evidence(
    long id,
    String kid,
    Instant foundAt,
    String finding,
    String reason,
    String askedBy,
    String digest,
    @Nullable String serial,
    @Nullable Boolean subjectKnown) {}
