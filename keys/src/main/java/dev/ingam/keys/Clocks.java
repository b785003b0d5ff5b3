package dev.ingam.keys;

import java.time.Clock;
import java.util.function.LongSupplier;

/// The two clocks that keys live by: what the world calls the time, which can be put back, and one
/// that only ever goes on, but stands still while the machine sleeps.
///
/// @param wall UTC
/// @param nanos a monotonic clock, as `System::nanoTime`
public record Clocks(Clock wall, LongSupplier nanos) {}
