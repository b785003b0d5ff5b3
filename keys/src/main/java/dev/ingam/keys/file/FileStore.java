package dev.ingam.keys.file;

import dev.ingam.keys.KeyOrigin;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.SigningStore;
import dev.ingam.wire.Algorithm;
import dev.ingam.wire.VerificationKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The store of one domain in one file. The master key is read for each call that needs it and
/// forgotten after it; a private key is in clear only while it is made, and inside its open
/// signers.
final class FileStore implements SigningStore {
  private final StoreFolder folder;
  private final Jca jca;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock; what the file holds.
  private StoreFile content;
  // Guarded by lock; a change of the master key broke off, and the files tell how far it came.
  private boolean doubtful;
  // Guarded by lock.
  private final Map<String, List<Signer>> signers = new HashMap<>();

  FileStore(StoreFolder folder, StoreFile content, Jca jca, Clock clock) {
    this.folder = folder;
    this.content = content;
    this.jca = jca;
    this.clock = clock;
  }

  @Override
  public String domain() {
    return locked(() -> content.domain());
  }

  @Override
  public StoredKey generate(Algorithm algorithm) {
    var pair = jca.generate(algorithm);
    var handle = VerificationKey.thumbprint(pair.getPublic());
    var pkcs8 = pair.getPrivate().getEncoded();
    try {
      return locked(() -> {
        write(content.with(sealed(handle, algorithm, pkcs8).pending(true)));
        return new StoredKey(handle, algorithm, pair.getPublic(), origin(algorithm));
      });
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  @Override
  public Signer open(String handle) {
    return locked(() -> {
      var signer = signer(handle);
      signers.computeIfAbsent(handle, _ -> new ArrayList<>()).add(signer);
      return signer;
    });
  }

  @Override
  public void destroy(String handle) {
    locked(() -> {
      if (content.find(handle) != null) {
        write(content.without(handle));
      }
      signers.getOrDefault(handle, List.of()).forEach(Signer::close);
      signers.remove(handle);
      return handle;
    });
  }

  @Override
  public void keep(String handle) {
    locked(() -> {
      var key = content.find(handle);
      if (key != null && key.pending()) {
        write(content.kept(handle));
      }
      return handle;
    });
  }

  @Override
  public Set<String> pending() {
    return locked(() ->
        content.keys().stream()
            .filter(SealedKey::pending)
            .map(SealedKey::handle)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public Set<String> handles() {
    return locked(() ->
        content.keys().stream().map(SealedKey::handle).collect(Collectors.toUnmodifiableSet()));
  }

  /// A file counts nothing.
  @Override
  public OptionalLong counted(String handle) {
    return OptionalLong.empty();
  }

  @Override
  public String toString() {
    return "FileStore[" + domain() + "]";
  }

  /// Encrypts everything under a new master key. Open signers go on.
  void renewMasterKey() {
    locked(() -> {
      doubtful = true;
      content = folder.withNewMaster(folder.opened(content.domain()));
      doubtful = false;
      return content;
    });
  }

  /// Closes every signer: the store was discarded.
  void close() {
    lock.lock();
    try {
      signers.values().forEach(open -> open.forEach(Signer::close));
      signers.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Whoever has file and master key has the private key.
  private KeyOrigin origin(Algorithm algorithm) {
    return new KeyOrigin("file", jca.maker(algorithm), true, KeyOrigin.CountedBy.PROCESS);
  }

  private void write(StoreFile changed) {
    folder.write(changed);
    content = changed;
  }

  private SealedKey sealed(String handle, Algorithm algorithm, byte[] pkcs8) {
    try (var master = folder.master(content.domain())) {
      master.open(content.check());
      return master.seal(handle, algorithm.jose(), clock.instant().toString(), pkcs8);
    } catch (IllegalArgumentException e) {
      throw folder.damaged(content.domain(), e);
    }
  }

  private Signer signer(String handle) {
    var sealed = content.find(handle);
    if (sealed == null) {
      throw new KeysException(
          KeysException.Code.KEY_GONE,
          "expected key " + handle + " in the store of " + content.domain() + "; it is not there");
    }
    var algorithm = Algorithm.ofJose(sealed.algorithm());
    byte[] pkcs8 = {};
    try (var master = folder.master(content.domain())) {
      if (algorithm == null) {
        throw new IllegalArgumentException("expected an algorithm of ours for " + handle);
      }
      pkcs8 = master.open(sealed);
      return new PooledSigner(handle, algorithm, jca.privateKey(algorithm, pkcs8), jca);
    } catch (IllegalArgumentException e) {
      throw folder.damaged(content.domain(), e);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      if (doubtful) {
        content = folder.opened(content.domain());
        doubtful = false;
      }
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
