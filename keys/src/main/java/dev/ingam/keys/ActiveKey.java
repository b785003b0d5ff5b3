package dev.ingam.keys;

import dev.ingam.wire.Algorithm;
import java.time.Instant;

/// A key that signed when it was looked up: what the header of a token needs before it is signed.
///
/// @param signsUntil the end of its cryptoperiod
public record ActiveKey(String kid, Algorithm algorithm, Instant signsUntil) {}
