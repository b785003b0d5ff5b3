/// PostgreSQL run by the server itself, in the data folder.
@NullMarked
package dev.ingam.server.postgres;

import org.jspecify.annotations.NullMarked;
