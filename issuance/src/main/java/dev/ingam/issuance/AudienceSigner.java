package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audience;
import dev.ingam.issuance.audience.AudienceMatch;
import dev.ingam.issuance.audience.Audiences;
import dev.ingam.issuance.ledger.IssuanceException;
import dev.ingam.keys.ActiveKey;

/// Signs each token with a key of the set that its audience's policy names.
///
/// @param usual the set of audiences without a policy, and of our own internal doors
record AudienceSigner(TokenSigner signer, Audiences audiences, String usual) {
  /// The key that signs for this audience now.
  ///
  /// @throws IssuanceException `POLICY_IN_DOUBT` when nobody knows which set that is
  /// @throws dev.ingam.keys.KeysException when the set has no key that signs
  ActiveKey activeFor(String audience) {
    return signer.active(Internal.AUDIENCE.equals(audience) ? usual : keySetOf(audience));
  }

  private String keySetOf(String audience) {
    return switch (audiences.find(audience)) {
      case AudienceMatch.Found(Audience policy) -> policy.keySet();
      case AudienceMatch.Unnamed() -> usual;
      case AudienceMatch.InDoubt() ->
          throw new IssuanceException(
              IssuanceException.Kind.POLICY_IN_DOUBT,
              "expected the policy that this server wrote for the audience, it was changed in the"
                  + " database; see the alarms");
    };
  }

  /// @throws dev.ingam.keys.KeysException `NOT_ACTIVE` when the key was replaced meanwhile
  byte[] sign(ActiveKey key, byte[] signingInput) {
    return signer.sign(key, signingInput);
  }
}
