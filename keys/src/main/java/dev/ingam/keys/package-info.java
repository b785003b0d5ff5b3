/// Signing keys: policy, life cycle, key stores. The only code that touches private key bytes.
@NullMarked
package dev.ingam.keys;

import org.jspecify.annotations.NullMarked;
