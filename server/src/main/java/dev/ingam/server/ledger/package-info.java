/// The doors of the ledger: lookup, redeem, report, and the authenticated key set.
@NullMarked
package dev.ingam.server.ledger;

import org.jspecify.annotations.NullMarked;
