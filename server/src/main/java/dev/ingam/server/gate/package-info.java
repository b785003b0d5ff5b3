/// The door for reverse proxies: forward authentication.
@NullMarked
package dev.ingam.server.gate;

import org.jspecify.annotations.NullMarked;
