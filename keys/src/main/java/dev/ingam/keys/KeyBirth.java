package dev.ingam.keys;

import dev.ingam.wire.Algorithm;
import dev.ingam.wire.KeyPurpose;
import java.security.PublicKey;
import java.time.Instant;

/// What never changes about a signing key.
record KeyBirth(
    String kid,
    String set,
    KeyPurpose purpose,
    Algorithm algorithm,
    String domain,
    PublicKey publicKey,
    Instant createdAt) {}
