package dev.ingam.keys.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ingam.keys.KeysException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds tokens by their labels: the number of a slot may change, a label is given by a person.
final class Slots {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
  private static final int MOST_TOKENS = 1024;

  private Slots() {}

  /// The slot of the one token with the label that is configured.
  ///
  /// @throws RejectedException when there is none
  /// @throws KeysException CONFIGURATION when there are several
  static long of(Cryptoki cryptoki, PartitionConfig config) {
    try (var arena = Arena.ofConfined()) {
      var slots = arena.allocate(JAVA_LONG, MOST_TOKENS);
      var count = arena.allocateFrom(JAVA_LONG, MOST_TOKENS);
      cryptoki.getSlotList(slots, count);
      var labels = new TreeSet<String>();
      var found = new ArrayList<Long>();
      for (long i = 0; i < count.get(JAVA_LONG, 0); i++) {
        long slot = slots.getAtIndex(JAVA_LONG, i);
        var label = label(cryptoki, slot);
        if (!label.isEmpty()) {
          labels.add(label);
        }
        if (label.equals(config.token())) {
          found.add(slot);
        }
      }
      return only(config, found, labels);
    }
  }

  /// Empty when the token does not tell, as it is away: another one behind the same library may be
  /// there.
  private static String label(Cryptoki cryptoki, long slot) {
    try {
      return TokenInfo.of(cryptoki, slot).label();
    } catch (RejectedException e) {
      LOG.atDebug().addKeyValue("answer", e.getMessage()).log("a token does not tell its label");
      return "";
    }
  }

  private static long only(PartitionConfig config, List<Long> found, Set<String> labels) {
    return switch (found.size()) {
      case 1 -> found.getFirst();
      case 0 -> throw RejectedException.lost("there are only " + labels);
      default ->
          throw new KeysException(
              KeysException.Code.CONFIGURATION,
              "expected one token with the label "
                  + config.token()
                  + " behind "
                  + config.library()
                  + ", came "
                  + found.size()
                  + "; give each a label of its own");
    };
  }
}
