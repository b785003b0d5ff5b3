/// Clients of the authority: who may ask for tokens, how they prove who they are, what they may ask
/// for.
@NullMarked
package dev.ingam.issuance.client;

import org.jspecify.annotations.NullMarked;
