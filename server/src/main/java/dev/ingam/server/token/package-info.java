/// The doors of the token endpoint: tokens, metadata, public keys.
@NullMarked
package dev.ingam.server.token;

import org.jspecify.annotations.NullMarked;
