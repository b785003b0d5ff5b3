package dev.ingam.issuance;

import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.DpopNonces;
import dev.ingam.wire.ReplayMemory;
import dev.ingam.wire.ReplayStore;
import dev.ingam.wire.SignatureCheck;

/// What may be presented once: client assertions and DPoP proofs. Each has a memory of its own, so
/// that a flood of the one takes no room of the other.
///
/// @param assertions by client
/// @param dpop with the memory of proofs, at the token endpoint and wherever bound tokens are
///   presented
record OnceOnly(ReplayStore assertions, DpopCheck dpop) {
  /// 57 MB when there are as many.
  private static final int ASSERTIONS = 1 << 21;

  /// A client alone may hold half of them: 4,400 proofs a second, as each is kept for four minutes
  /// at most.
  private static final int PROOFS = 1 << 21;

  static OnceOnly of(IssuanceConfig config, Issuance.Surroundings around) {
    var nonces = config.dpopNonces() ? new DpopNonces(around.random(), around.clock()) : null;
    var dpop =
        new DpopCheck(
            new SignatureCheck(around.provider()),
            new ReplayMemory(PROOFS, around.random()),
            nonces,
            around.clock());
    return new OnceOnly(new ReplayMemory(ASSERTIONS, around.random()), dpop);
  }
}
