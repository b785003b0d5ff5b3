/// The sample shop: a log-in system of its own, personal pages, and two doors to them: Ingam's gate
/// and the 2025 gate.
@NullMarked
package dev.ingam.drill.shop;

import org.jspecify.annotations.NullMarked;
