/// The verifier as a Spring Security resource server: tokens are accepted with both proofs, a
/// signature of ours and the ledger's word.
@NullMarked
package dev.ingam.starter;

import org.jspecify.annotations.NullMarked;
