/// What an operator's machines see of this server: metrics. The only package that knows Micrometer.
@NullMarked
package dev.ingam.server.watch;

import org.jspecify.annotations.NullMarked;
