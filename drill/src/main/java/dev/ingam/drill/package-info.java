/// Plays the attacks from outside: the demo.
@NullMarked
package dev.ingam.drill;

import org.jspecify.annotations.NullMarked;
