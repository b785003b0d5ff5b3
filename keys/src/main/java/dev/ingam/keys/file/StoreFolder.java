package dev.ingam.keys.file;

import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.Wrapping;
import dev.ingam.keys.disk.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where store files and master keys are: `<data>/keys/<domain>.json` and
/// `<secrets>/<domain>.master`. Turns what the disk says into a [KeysException].
final class StoreFolder {
  private static final Pattern DOMAIN = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final String SUFFIX = ".json";

  private final String installation;
  private final Path folder;
  private final Path secrets;
  private final SecretFiles files;
  private final SecureRandom random;
  private final Wrapping wrapping;

  StoreFolder(
      Installation installation, SecretFiles files, SecureRandom random, Wrapping wrapping) {
    this.installation = installation.id();
    this.folder = installation.dataDir().resolve("keys");
    this.secrets = installation.secretsDir();
    this.files = files;
    this.random = random;
    this.wrapping = wrapping;
  }

  /// Makes the folder and removes what broken-off writes left, beside the master keys too: it may
  /// hold a key that was destroyed since.
  void prepare() {
    disk(() -> {
      files.makeFolder(folder);
      for (var each : List.of(folder, secrets)) {
        list(each, name -> name.startsWith(".") && name.endsWith(".new"))
            .forEach(name -> files.delete(each.resolve(name)));
      }
      return folder;
    });
  }

  Set<String> domains() {
    var names = new TreeSet<String>();
    for (var name : disk(() -> list(folder, file -> file.endsWith(SUFFIX)))) {
      var domain = name.substring(0, name.length() - SUFFIX.length());
      if (DOMAIN.matcher(domain).matches()) {
        names.add(domain);
      }
    }
    return names;
  }

  boolean exists(String domain) {
    return Files.exists(file(domain));
  }

  private StoreFile read(String domain) {
    var file = file(domain);
    var bytes = disk(() -> files.read(file));
    try {
      var content = StoreFile.read(bytes);
      if (content.installation().equals(installation) && content.domain().equals(domain)) {
        return content;
      }
    } catch (IllegalArgumentException e) {
      throw damaged(domain, e);
    }
    throw damaged(
        domain,
        new IllegalArgumentException(
            "expected the store of " + domain + " of installation " + installation));
  }

  void write(StoreFile content) {
    disk(() -> {
      files.write(file(content.domain()), content.bytes());
      return content;
    });
  }

  /// A new store: master key first. One that is there already is used: a broken-off call made it.
  StoreFile make(String domain, StoreContent content) {
    var file = masterFile(domain);
    if (!file.exists()) {
      file.write(newMaster());
    }
    try (var master = master(domain)) {
      var made = content.of(empty(domain, master), master);
      write(made);
      return made;
    }
  }

  void delete(String domain) {
    disk(() -> {
      files.delete(file(domain));
      return domain;
    });
    nextFile(domain).delete();
    masterFile(domain).delete();
  }

  MasterKey master(String domain) {
    return new MasterKey(masterFile(domain).read(), installation, domain, random);
  }

  /// What a store holds, once its master key opens it: one clear answer for a wrong one, before
  /// anything else is tried. What a broken-off change of the master key left is put in order.
  StoreFile opened(String domain) {
    var content = read(domain);
    settle(content);
    check(content);
    return content;
  }

  private void check(StoreFile content) {
    try (var master = master(content.domain())) {
      master.open(content.check());
    } catch (IllegalArgumentException e) {
      throw masterFile(content.domain()).wrong("it opens nothing in " + file(content.domain()));
    }
  }

  /// Encrypts everything in a store under a new master key. The new key is written beside the old
  /// one first, then the store, then the key takes the old one's place: whatever breaks off
  /// between, [#opened] finds which of the two opens the store.
  StoreFile withNewMaster(StoreFile content) {
    var domain = content.domain();
    var key = newMaster();
    nextFile(domain).write(key);
    try (var old = master(domain);
        var fresh = new MasterKey(key.clone(), installation, domain, random)) {
      var changed = empty(domain, fresh);
      for (var sealed : content.keys()) {
        var secret = old.open(sealed);
        try {
          changed =
              changed.with(
                  fresh
                      .seal(sealed.handle(), sealed.algorithm(), sealed.created(), secret)
                      .pending(sealed.pending()));
        } finally {
          Arrays.fill(secret, (byte) 0);
        }
      }
      write(changed);
      masterFile(domain).write(key);
      nextFile(domain).delete();
      return changed;
    } catch (IllegalArgumentException e) {
      throw damaged(domain, e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /// Brings the files of the master key in order: what a broken-off change of it left, and one that
  /// does not lie under the wrapping key of now.
  private void settle(StoreFile content) {
    var file = masterFile(content.domain());
    var next = nextFile(content.domain());
    if (next.exists()) {
      var key = next.read();
      if (opens(key, content)) {
        file.write(key);
      } else {
        check(content); // Where neither opens the store, both are kept.
      }
      next.delete();
      Arrays.fill(key, (byte) 0);
    }
    if (file.isStale()) {
      var key = file.read();
      file.write(key);
      Arrays.fill(key, (byte) 0);
    }
  }

  private boolean opens(byte[] key, StoreFile content) {
    try (var master = new MasterKey(key.clone(), installation, content.domain(), random)) {
      master.open(content.check());
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private StoreFile empty(String domain, MasterKey master) {
    var check = master.seal(StoreFile.CHECK, StoreFile.NO_ALGORITHM, "", new byte[0]);
    return new StoreFile(installation, domain, check, List.of());
  }

  private byte[] newMaster() {
    var key = new byte[MasterKey.BYTES];
    random.nextBytes(key);
    return key;
  }

  KeysException damaged(String domain, IllegalArgumentException cause) {
    return new KeysException(
        KeysException.Code.STORE_DAMAGED,
        file(domain)
            + " cannot be used: "
            + cause.getMessage()
            + "; restore it; nothing was changed",
        cause);
  }

  private Path file(String domain) {
    return folder.resolve(name(domain) + SUFFIX);
  }

  private MasterFile masterFile(String domain) {
    return masterFile(domain, ".master");
  }

  /// Of a change that is under way.
  private MasterFile nextFile(String domain) {
    return masterFile(domain, ".master.next");
  }

  private MasterFile masterFile(String domain, String suffix) {
    return new MasterFile(
        secrets.resolve(name(domain) + suffix), installation + "|" + domain, files, wrapping);
  }

  private static String name(String domain) {
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException("expected the name of a domain, came " + domain);
    }
    return domain;
  }

  private static Set<String> list(Path folder, Predicate<String> wanted) {
    var names = new TreeSet<String>();
    try (Stream<Path> found = Files.list(folder)) {
      found.map(path -> path.getFileName().toString()).filter(wanted).forEach(names::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
    return names;
  }

  private static <T> T disk(Supplier<T> action) {
    try {
      return action.get();
    } catch (UncheckedIOException e) {
      throw KeysException.ofDisk(e);
    }
  }

  /// What a new store holds from the start.
  interface StoreContent {
    StoreFile of(StoreFile empty, MasterKey master);
  }
}
