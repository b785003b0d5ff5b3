/// Backup of a running installation, and its way back into an empty folder.
@NullMarked
package dev.ingam.server.backup;

import org.jspecify.annotations.NullMarked;
