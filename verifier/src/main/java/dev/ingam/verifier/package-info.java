/// For other people's Java services: token in, verdict out.
@NullMarked
package dev.ingam.verifier;

import org.jspecify.annotations.NullMarked;
