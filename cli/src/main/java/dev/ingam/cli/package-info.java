/// The command ingam: a thin HTTP client plus what works off line.
@NullMarked
package dev.ingam.cli;

import org.jspecify.annotations.NullMarked;
