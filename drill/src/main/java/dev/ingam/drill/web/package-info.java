/// What the processes of the drill speak with: HTTP, JSON, ES256, and the line to the process that
/// started them.
@NullMarked
package dev.ingam.drill.web;

import org.jspecify.annotations.NullMarked;
