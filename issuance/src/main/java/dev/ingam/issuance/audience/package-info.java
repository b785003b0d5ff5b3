/// What the authority decides for an audience: by now, which key set signs its tokens.
@NullMarked
package dev.ingam.issuance.audience;

import org.jspecify.annotations.NullMarked;
