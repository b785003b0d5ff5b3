package dev.ingam.server;

import java.time.Clock;

/// Who we are in tokens, and by which clock.
///
/// @param name the `iss`
record Issuer(String name, Clock clock) {}
