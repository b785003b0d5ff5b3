/// Doors that stand in front of Spring: which listener serves which path, and the limits of a
/// request.
@NullMarked
package dev.ingam.server.door;

import org.jspecify.annotations.NullMarked;
