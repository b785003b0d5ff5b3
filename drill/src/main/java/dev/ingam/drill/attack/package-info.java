/// The attacker: a former engineer with the key store, its master keys and the log-in system's
/// credentials in his pocket.
@NullMarked
package dev.ingam.drill.attack;

import org.jspecify.annotations.NullMarked;
