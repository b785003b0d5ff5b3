/// What crosses a trust boundary: token profile, serial, key sets, verdict and reasons, ledger
/// messages, events.
@NullMarked
package dev.ingam.wire;

import org.jspecify.annotations.NullMarked;
