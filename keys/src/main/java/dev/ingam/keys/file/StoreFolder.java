package dev.ingam.keys.file;

import dev.ingam.keys.Installation;
import dev.ingam.keys.KeysException;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.wire.Base64Url;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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

  StoreFolder(Installation installation, SecretFiles files, SecureRandom random) {
    this.installation = installation.id();
    this.folder = installation.dataDir().resolve("keys");
    this.secrets = installation.secretsDir();
    this.files = files;
    this.random = random;
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

  StoreFile read(String domain) {
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
    if (!Files.exists(file)) {
      var key = new byte[MasterKey.BYTES];
      random.nextBytes(key);
      var line = (Base64Url.encode(key) + "\n").getBytes(StandardCharsets.US_ASCII);
      disk(() -> {
        files.write(file, line);
        return file;
      });
    }
    try (var master = master(domain)) {
      var check = master.seal(StoreFile.CHECK, StoreFile.NO_ALGORITHM, "", new byte[0]);
      var made = content.of(new StoreFile(installation, domain, check, List.of()), master);
      write(made);
      return made;
    }
  }

  void delete(String domain) {
    disk(() -> {
      files.delete(file(domain));
      files.delete(masterFile(domain));
      return domain;
    });
  }

  MasterKey master(String domain) {
    var file = masterFile(domain);
    if (!Files.exists(file)) {
      throw new KeysException(
          KeysException.Code.MASTER_KEY_MISSING,
          "expected the master key of " + file(domain) + " in " + file + "; restore it");
    }
    var line = new String(disk(() -> files.read(file)), StandardCharsets.US_ASCII).strip();
    var key = Base64Url.decode(line);
    if (key == null || key.length != MasterKey.BYTES) {
      throw wrong(domain, "it is not one line of 32 bytes in base64url");
    }
    return new MasterKey(key, installation, domain, random);
  }

  /// Opens the check: one clear answer for a wrong master key, before anything else is tried.
  void check(StoreFile content) {
    try (var master = master(content.domain())) {
      master.open(content.check());
    } catch (IllegalArgumentException e) {
      throw wrong(content.domain(), "it opens nothing in it");
    }
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

  private KeysException wrong(String domain, String why) {
    return new KeysException(
        KeysException.Code.MASTER_KEY_WRONG,
        masterFile(domain)
            + " is not the master key of "
            + file(domain)
            + ": "
            + why
            + "; put the right one there; nothing was changed");
  }

  private Path file(String domain) {
    return folder.resolve(name(domain) + SUFFIX);
  }

  private Path masterFile(String domain) {
    return secrets.resolve(name(domain) + ".master");
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
