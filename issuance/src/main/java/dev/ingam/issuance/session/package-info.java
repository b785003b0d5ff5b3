/// Log-in sessions: opened by a log-in event, named by every token for a person.
@NullMarked
package dev.ingam.issuance.session;

import org.jspecify.annotations.NullMarked;
