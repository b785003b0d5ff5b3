/// The issuer, the ledger and the judge behind one door.
@NullMarked
package dev.ingam.issuance;

import org.jspecify.annotations.NullMarked;
