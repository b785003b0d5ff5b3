/// Encrypted archives of an installation, and the key that opens them.
@NullMarked
package dev.ingam.keys.archive;

import org.jspecify.annotations.NullMarked;
