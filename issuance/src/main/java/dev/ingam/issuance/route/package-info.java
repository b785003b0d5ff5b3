/// Routes of the gate: which path needs which token.
@NullMarked
package dev.ingam.issuance.route;

import org.jspecify.annotations.NullMarked;
