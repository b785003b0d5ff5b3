/// The issuance ledger: which tokens were issued, and which of them were used up.
///
/// It is the lowest package of the module: every other may use it, it uses none of them.
@NullMarked
package dev.ingam.issuance.ledger;

import org.jspecify.annotations.NullMarked;
