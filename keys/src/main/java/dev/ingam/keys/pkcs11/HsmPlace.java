package dev.ingam.keys.pkcs11;

import dev.ingam.keys.KeysException;
import dev.ingam.keys.SigningStore;
import dev.ingam.keys.StorePlace;
import dev.ingam.keys.disk.SecretFiles;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One partition as a place for the store of one custody domain, ever: its PIN reaches every key in
/// it, so a condemned partition bears no key again. To use it anew it is initialised anew, with
/// another PIN.
///
/// A data object in the partition says whose it is; one of another installation is refused. Used by
/// one thread at a time, as the port says; its signers are not.
public final class HsmPlace implements StorePlace {
  private static final String MARK = "ingam partition";
  private static final String CONDEMNED = "ingam condemned";

  private final String installation;
  private final Partition partition;
  private final SecureRandom random;
  private @Nullable HsmStore open;
  // What the token said when it was connected last, and what it may say from then on. A token that
  // is away after that stands in the way of no other place.
  private volatile boolean known;
  private volatile @Nullable Marker marker;
  private volatile boolean condemned;

  /// @param installation its id
  /// @param nanos a monotonic clock
  HsmPlace(
      String installation,
      PartitionConfig config,
      Library library,
      SecretFiles files,
      SecureRandom random,
      LongSupplier nanos) {
    this.installation = installation;
    this.partition = new Partition(config, library, files, nanos, this::greet);
    this.random = random;
  }

  /// The token is asked each time: another installation may have taken it since.
  @Override
  public boolean hasRoom() {
    return marked() == null && partition.call((session, _) -> read(session) == null);
  }

  @Override
  public Set<String> domains() {
    var mine = marked();
    return mine == null || condemned ? Set.of() : Set.of(mine.domain());
  }

  @Override
  public SigningStore create(String domain) {
    if (marked() == null) {
      marker = partition.call((session, _) -> mark(session, new Marker(installation, domain)));
    }
    return open(domain);
  }

  /// Makes the partition ours, unless somebody did before. Two who do so at once find two marks,
  /// and neither has it.
  private Marker mark(Session session, Marker mine) {
    if (read(session) == null) {
      try (var arena = Arena.ofConfined()) {
        session.create(HsmObjects.data(arena, MARK).with(Ck.CKA_VALUE, mine.bytes()));
      }
    }
    if (!mine.equals(read(session))) {
      throw foreign(null);
    }
    return mine;
  }

  @Override
  public SigningStore open(String domain) {
    if (!domains().contains(domain)) {
      throw new KeysException(
          KeysException.Code.STORE_DAMAGED,
          "expected the store of "
              + domain
              + " in token "
              + partition.config().token()
              + "; it is not there");
    }
    return store(domain);
  }

  /// The token has no master key that we know.
  @Override
  public Set<String> renewMasterKeys() {
    return Set.of();
  }

  @Override
  public Map<String, String> troubles() {
    var mine = marker;
    var trouble = partition.trouble();
    return mine == null || condemned || trouble == null ? Map.of() : Map.of(mine.domain(), trouble);
  }

  /// The keys first: a call that breaks off leaves a domain that is there to be discarded again.
  /// They are found in the token and not read: a condemned partition is emptied whatever is in it.
  @Override
  public void discard(String domain) {
    if (domains().contains(domain)) {
      empty(domain);
      write(CONDEMNED, domain.getBytes(StandardCharsets.UTF_8));
      condemned = true;
    }
  }

  /// The partition bears another domain then: nobody ever had a key of this one.
  @Override
  public void abandon(String domain) {
    if (domains().contains(domain)) {
      empty(domain);
      partition.call((session, _) -> {
        try (var arena = Arena.ofConfined()) {
          session.find(HsmObjects.data(arena, MARK)).forEach(session::destroy);
        }
        return domain;
      });
      marker = null;
    }
  }

  private void empty(String domain) {
    partition.call((session, _) -> HsmStore.wipe(session, domain));
    var store = open;
    if (store != null) {
      store.forget();
    }
    open = null;
  }

  @Override
  public String toString() {
    return "HsmPlace[" + partition.config().token() + "]";
  }

  private HsmStore store(String domain) {
    var store = open;
    if (store == null) {
      store = new HsmStore(domain, partition, random);
      store.load();
      open = store;
    }
    return store;
  }

  /// What the partition says of itself; the token is asked once.
  private @Nullable Marker marked() {
    if (!known) {
      partition.call((_, connection) -> connection);
    }
    return marker;
  }

  /// Reads what the token says of itself. It must be what it said before: a token that was replaced
  /// or initialised anew while we run is another one.
  private void greet(Session session) {
    var now = read(session);
    var before = marker;
    if (before != null && !before.equals(now)) {
      throw foreign(before);
    }
    try (var arena = Arena.ofConfined()) {
      condemned = !session.find(HsmObjects.data(arena, CONDEMNED)).isEmpty();
    }
    marker = now;
    known = true;
  }

  /// Whose the token says it is; null when it says nothing.
  ///
  /// @throws KeysException FOREIGN_STORE when it is another installation's, or has two marks
  private @Nullable Marker read(Session session) {
    try (var arena = Arena.ofConfined()) {
      var found = session.find(HsmObjects.data(arena, MARK));
      if (found.isEmpty()) {
        return null;
      }
      var mark = Marker.read(session.read(found.getFirst(), Ck.CKA_VALUE), partition.config());
      if (found.size() > 1 || !mark.installation().equals(installation)) {
        throw foreign(marker);
      }
      return mark;
    }
  }

  private void write(String label, byte[] value) {
    partition.call((session, _) -> {
      try (var arena = Arena.ofConfined()) {
        if (session.find(HsmObjects.data(arena, label)).isEmpty()) {
          session.create(HsmObjects.data(arena, label).with(Ck.CKA_VALUE, value));
        }
      }
      return label;
    });
  }

  private KeysException foreign(@Nullable Marker before) {
    return new KeysException(
        KeysException.Code.FOREIGN_STORE,
        "expected token "
            + partition.config().token()
            + " to bear "
            + (before == null ? "no keys, or those" : before.domain())
            + " of this installation, came keys of another installation or domain;"
            + " name an empty token, or the one that was here");
  }
}
