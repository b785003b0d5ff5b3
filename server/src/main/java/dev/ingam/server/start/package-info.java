/// What a start needs before anything runs: the settings, and the one way to say why it failed.
@NullMarked
package dev.ingam.server.start;

import org.jspecify.annotations.NullMarked;
