/// "Revoked: everything issued before": watermarks over tokens and sessions.
@NullMarked
package dev.ingam.issuance.watermark;

import org.jspecify.annotations.NullMarked;
