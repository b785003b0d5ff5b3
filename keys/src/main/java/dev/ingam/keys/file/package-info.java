/// Key stores in files: `docs/spec/key-store.md`.
@NullMarked
package dev.ingam.keys.file;

import org.jspecify.annotations.NullMarked;
