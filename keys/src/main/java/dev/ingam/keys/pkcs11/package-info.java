/// Signing keys in a hardware security module, through PKCS #11 (Cryptoki) 2.40.
@NullMarked
package dev.ingam.keys.pkcs11;

import org.jspecify.annotations.NullMarked;
