/// The doors of the log-in system: who logged in, who logged out.
@NullMarked
package dev.ingam.server.login;

import org.jspecify.annotations.NullMarked;
