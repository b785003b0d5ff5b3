/// Everything with a rate; also holds the rules between modules and collects the distribution.
@NullMarked
package dev.ingam.bench;

import org.jspecify.annotations.NullMarked;
