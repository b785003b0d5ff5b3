/// The only Spring Boot application: doors and wiring, no rule.
@NullMarked
package dev.ingam.server;

import org.jspecify.annotations.NullMarked;
