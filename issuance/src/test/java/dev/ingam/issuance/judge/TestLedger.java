package dev.ingam.issuance.judge;

import dev.ingam.issuance.ledger.BookKeyWrapper;
import dev.ingam.issuance.ledger.Entry;
import dev.ingam.issuance.ledger.Holder;
import dev.ingam.issuance.ledger.LedgerFolder;
import dev.ingam.issuance.ledger.LedgerOptions;
import dev.ingam.issuance.ledger.LedgerSecrets;
import dev.ingam.issuance.ledger.MappedLedger;
import dev.ingam.issuance.ledger.MemoryBookDirectory;
import dev.ingam.keys.SealingKeys;
import dev.ingam.testkit.Until;
import dev.ingam.wire.Serial;
import dev.ingam.wire.TokenDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// A real ledger on real files, which a test can stop, copy, cut, zero and put back.
public final class TestLedger implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  public final Path folder;
  public final Clock clock;
  public final MemoryBookDirectory directory;
  private final byte[] serialKey;
  private final SealingKeys sealing;
  private MappedLedger ledger;

  private TestLedger(
      Path folder,
      Clock clock,
      MemoryBookDirectory directory,
      byte[] serialKey,
      SealingKeys sealing,
      String node) {
    this.folder = folder;
    this.clock = clock;
    this.directory = directory;
    this.serialKey = serialKey;
    this.sealing = sealing;
    this.ledger = open(node, "boot-1");
  }

  public static TestLedger in(Path folder, Clock clock) {
    return new TestLedger(
        folder, clock, new MemoryBookDirectory(), random(16), sealing(), "node-1");
  }

  public static SealingKeys sealing() {
    return new SealingKeys(random(SealingKeys.ROOT_BYTES), RANDOM);
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /// The ledger of a clone: same secrets, other folder, other book directory.
  public TestLedger cloned(Path otherFolder) {
    return new TestLedger(
        otherFolder, clock, new MemoryBookDirectory(), serialKey, sealing, "node-1");
  }

  /// Another node of the same installation.
  public TestLedger otherNode(Path otherFolder) {
    return new TestLedger(otherFolder, clock, directory, serialKey, sealing, "node-2");
  }

  /// What comes after kill -9: another process on the files as they are this moment.
  public TestLedger killedInto(Path otherFolder) {
    copyTo(otherFolder);
    return new TestLedger(otherFolder, clock, directory, serialKey, sealing, "node-1");
  }

  /// Waits until the sync has settled all that was entered.
  public void awaitMark(int slots) {
    Until.isTrue(
        "mark at " + slots,
        Duration.ofSeconds(20),
        () -> ledger.status().books().stream().anyMatch(book -> book.mark() >= slots));
  }

  private MappedLedger open(String node, String boot) {
    return MappedLedger.open(
        new LedgerFolder(folder.resolve("books"), folder.resolve("position.json")),
        new LedgerSecrets(List.of(serialKey), wrapper(), RANDOM),
        directory,
        clock,
        LedgerOptions.of(node, boot)
            .withBookSlots(256)
            .withTimes(Duration.ofSeconds(60), Duration.ofDays(1), Duration.ofHours(1)));
  }

  private BookKeyWrapper wrapper() {
    return new BookKeyWrapper() {
      @Override
      public byte[] wrap(String context, byte[] secret) {
        return sealing.wrap(context, secret);
      }

      @Override
      public byte[] unwrap(String context, byte[] wrapped) {
        return sealing.unwrap(context, wrapped);
      }
    };
  }

  public MappedLedger get() {
    return ledger;
  }

  /// Enters what an honest token would be entered with.
  public void enter(Serial serial, TokenDigest digest, boolean singleUse) {
    var now = clock.instant().getEpochSecond();
    ledger.enter(
        serial,
        new Entry(digest, now + 300, "kid", singleUse, new Holder("kim", "app", null), now));
  }

  /// Stops as a server that is told to.
  public void stop() {
    ledger.close();
  }

  /// Starts another process on the folder as it now is.
  public void start(String node, String boot) {
    ledger = open(node, boot);
  }

  /// Stops and starts; the host did not.
  public void restart() {
    stop();
    start("node-1", "boot-1");
  }

  /// The state of the folder as a kill would leave it, in another folder.
  public void copyTo(Path target) {
    copy(folder, target);
  }

  /// Copies a folder in which a ledger is at work: one that renames a file under the copy is copied
  /// again.
  public static void copy(Path source, Path target) {
    while (!copied(source, target)) {
      Thread.onSpinWait();
    }
  }

  private static boolean copied(Path source, Path target) {
    try (var files = Files.walk(source)) {
      for (var file : files.toList()) {
        var to = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else if (!file.getFileName().toString().endsWith("lock")) {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return missed(e, source);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException missing) {
        return missed(missing, source);
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file of the folder is gone since it was listed; a folder that was never there is an error.
  private static boolean missed(NoSuchFileException missing, Path source) {
    if (Files.isDirectory(source)) {
      return false;
    }
    throw new UncheckedIOException(missing);
  }

  /// The file of a book.
  public Path bookFile(int number) {
    var name = "%08x".formatted(number);
    try (var files = Files.list(folder.resolve("books"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name))
          .filter(file -> file.getFileName().toString().endsWith("book"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    ledger.close();
  }
}
