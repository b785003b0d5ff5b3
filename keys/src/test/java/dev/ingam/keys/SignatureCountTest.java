package dev.ingam.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.KeyOrigin.CountedBy;
import dev.ingam.testkit.TestDatabase;
import dev.ingam.wire.Algorithm;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who counts: the device where it does, else the process that signs.
final class SignatureCountTest {
  private static final TestDatabase DATABASE = TestHouse.database();

  @TempDir Path folder;

  /// It also counts what was signed past us.
  @Test
  void deviceThatCounts_isBelieved() {
    try (var house = new TestHouse(folder, DATABASE)) {
      house.device = files -> new CountingStores(files, 1_000);
      house.start();
      house.sign();
      house.keys.runDue();
      var key = house.keys.show(house.activeKid());
      assertThat(key.signatures()).isEqualTo(1_000);
      assertThat(key.papers().origin().countedBy()).isEqualTo(CountedBy.DEVICE);
      assertThat(key.papers().origin().device()).isEqualTo("a device that counts");
    }
  }

  @Test
  void deviceThatDoesNot_theProcessCounts() {
    try (var house = TestHouse.started(folder, DATABASE)) {
      house.sign();
      house.keys.runDue();
      var key = house.keys.show(house.activeKid());
      assertThat(key.signatures()).isEqualTo(1);
      assertThat(key.papers().origin().countedBy()).isEqualTo(CountedBy.PROCESS);
    }
  }

  /// Once the private half is destroyed the device knows nothing of it.
  @Test
  void keyThatSignsNoMore_isCountedByTheProcess() {
    try (var house = new TestHouse(folder, DATABASE)) {
      house.device = files -> new CountingStores(files, 1_000);
      house.start();
      house.sign();
      var kid = house.activeKid();
      house.keys.rotate("access", true, "root");
      house.keys.runDue();
      assertThat(house.keys.show(kid).signatures()).isEqualTo(1);
    }
  }

  /// The HSM was taken out of the configuration: nobody saw its keys die, and the events say so.
  @Test
  void keyInADeviceThatIsGone_isGivenUp() {
    try (var house = new TestHouse(folder, DATABASE)) {
      var hidden = new HashSet<String>();
      house.device = files -> new CountingStores(files, 1_000, hidden);
      house.start();
      var key = house.keys.show(house.activeKid());
      hidden.add(key.domain());
      house.keys.taint(key.kid(), "its HSM is gone", "root");
      house.keys.runDue();
      assertThat(house.events()).contains("key.private_half_given_up");
      assertThat(house.events()).doesNotContain("key.private_half_destroyed");
      assertThat(house.keys.show(key.kid()).privateHalf()).isFalse();
    }
  }

  /// Stores in files, as if they were a device with a counter of its own.
  private record CountingStores(SigningStores files, long count, Set<String> hidden)
      implements SigningStores {
    CountingStores(SigningStores files, long count) {
      this(files, count, Set.of());
    }

    @Override
    public Set<String> domains() {
      var domains = new TreeSet<>(files.domains());
      domains.removeAll(hidden);
      return domains;
    }

    @Override
    public SigningStore create(String domain) {
      return new CountingStore(files.create(domain), count);
    }

    @Override
    public SigningStore open(String domain) {
      return new CountingStore(files.open(domain), count);
    }

    @Override
    public Set<String> renewMasterKeys() {
      return files.renewMasterKeys();
    }

    @Override
    public Map<String, String> troubles() {
      return files.troubles();
    }

    @Override
    public void discard(String domain) {
      files.discard(domain);
    }

    @Override
    public void abandon(String domain) {
      files.abandon(domain);
    }
  }

  private record CountingStore(SigningStore file, long count) implements SigningStore {
    @Override
    public String domain() {
      return file.domain();
    }

    @Override
    public StoredKey generate(Algorithm algorithm) {
      var made = file.generate(algorithm);
      var origin = new KeyOrigin("pkcs11", "a device that counts", false, CountedBy.DEVICE);
      return new StoredKey(made.handle(), made.algorithm(), made.publicKey(), origin);
    }

    @Override
    public void keep(String handle) {
      file.keep(handle);
    }

    @Override
    public Set<String> pending() {
      return file.pending();
    }

    @Override
    public Signer open(String handle) {
      return file.open(handle);
    }

    @Override
    public void destroy(String handle) {
      file.destroy(handle);
    }

    @Override
    public Set<String> handles() {
      return file.handles();
    }

    @Override
    public OptionalLong counted(String handle) {
      return file.handles().contains(handle) ? OptionalLong.of(count) : OptionalLong.empty();
    }
  }
}
