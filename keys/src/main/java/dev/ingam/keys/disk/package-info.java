/// Small secret files: written whole and durably, read strictly. Knows no key.
@NullMarked
package dev.ingam.keys.disk;

import org.jspecify.annotations.NullMarked;
