package dev.ingam.keys;

import java.time.Instant;

/// Something that a person must look at.
///
/// @param code stable, in lower case
/// @param what is wrong, in a sentence
/// @param doNext what to do about it
public record Alarm(String code, Instant since, String what, String doNext) {}
