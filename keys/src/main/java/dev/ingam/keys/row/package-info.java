/// What every schema of the installation shares: rows that carry a MAC, and the event table.
@NullMarked
package dev.ingam.keys.row;

import org.jspecify.annotations.NullMarked;
