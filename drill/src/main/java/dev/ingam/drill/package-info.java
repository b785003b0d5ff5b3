/// Plays the attacks from outside: the demo and the self-test.
@NullMarked
package dev.ingam.drill;

import org.jspecify.annotations.NullMarked;
