/// The judge: what a token that we did not issue proves, and what is done about it.
@NullMarked
package dev.ingam.issuance.judge;

import org.jspecify.annotations.NullMarked;
