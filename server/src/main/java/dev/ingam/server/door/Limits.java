package dev.ingam.server.door;

import java.time.Duration;

/// What strangers may cost: by their sources and their refusals on the public listener, by their
/// bodies everywhere.
///
/// @param patience for the whole of a body
public record Limits(Sources sources, Refusals refusals, BodyBudget bodies, Duration patience) {}
