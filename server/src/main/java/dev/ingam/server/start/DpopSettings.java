package dev.ingam.server.start;

import dev.ingam.wire.TargetUri;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Proofs of a sender's key.
public record DpopSettings(
    @Meaning(
            value =
                "Whether DPoP proofs need a nonce of this server. Without, they must be made "
                    + "within a minute of now by the sender's clock.",
            gains =
                "Who unsets it lets proofs that were made ahead of time pass, and for a minute "
                    + "after a restart proofs that were seen before.")
        @DefaultValue("true")
        boolean nonce,
    @Meaning(
            value =
                "Further addresses of the token endpoint, as clients write them into htu and aud, "
                    + "such as http://ingam:8422/oauth2/token.",
            gains = "Adds one of his: a proof or assertion that a client made for him passes here.",
            otherwise = "the issuer's and the internal listener's")
        @DefaultValue
        List<String> tokenEndpoints) {
  void addProblems(List<String> problems) {
    requireAddresses("ingam.dpop.token-endpoints", tokenEndpoints, problems);
  }

  /// Adds each text that is no address.
  static void requireAddresses(String name, List<String> texts, List<String> problems) {
    for (var text : texts) {
      if (TargetUri.of(text) == null) {
        problems.add(name + ": expected http or https addresses, came " + text);
      }
    }
  }
}
