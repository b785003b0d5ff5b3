package dev.ingam.keys;

import dev.ingam.keys.disk.JsonTree;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.wire.Base64Url;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// The installation file: who we are, and the keys that authenticate serials, one for each epoch.
record InstallationSecrets(String id, String created, List<SerialKey> keys) {
  private static final String FORMAT = "ingam-installation-1";
  private static final String FILE = "installation.json";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int KEY_BYTES = 16;
  private static final Comparator<SerialKey> NEWEST_FIRST =
      Comparator.comparingInt(SerialKey::epoch).reversed();

  InstallationSecrets {
    keys = List.copyOf(keys);
    if (!ID.matcher(id).matches() || keys.isEmpty()) {
      throw new IllegalArgumentException("expected an id of 32 hexadecimal digits and serial keys");
    }
  }

  static InstallationSecrets make(String id, SecureRandom random, Clock clock) {
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new InstallationSecrets(id, clock.instant().toString(), List.of(new SerialKey(1, key)));
  }

  /// What a data folder says of its secrets: whose, and of which epoch at least.
  byte[] mark() {
    var members = new LinkedHashMap<String, Object>();
    members.put("format", FORMAT);
    members.put("id", id);
    members.put("epoch", epoch());
    return JsonTree.write(members);
  }

  /// Refuses secrets of an earlier epoch than the data folder has seen: they lack a serial key, and
  /// honest tokens made under it would count as made by somebody else. A mark without an epoch is
  /// of the first.
  void requireEpochOf(byte[] marked, Path mark) {
    var seen = epochOf(marked, mark);
    if (seen > epoch()) {
      throw new KeysException(
          KeysException.Code.INSTALLATION_DAMAGED,
          "expected secrets of epoch "
              + seen
              + ", which "
              + mark
              + " names, came those of epoch "
              + epoch()
              + ": an older copy of the folder of secrets; put the newest one back");
    }
  }

  private static long epochOf(byte[] marked, Path mark) {
    try {
      var tree = JsonTree.read(marked);
      return tree.has("epoch") ? tree.number("epoch") : 1;
    } catch (IllegalArgumentException e) {
      throw damaged(mark, e);
    }
  }

  static String idOf(byte[] mark, Path file) {
    try {
      var tree = JsonTree.read(mark);
      var id = tree.text("id");
      if (tree.text("format").equals(FORMAT) && ID.matcher(id).matches()) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      throw damaged(file, e);
    }
    throw damaged(file, new IllegalArgumentException("expected " + FORMAT + " and an id"));
  }

  static InstallationSecrets read(SecretFiles files, Path folder, Path data, String id) {
    var file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new KeysException(
          KeysException.Code.SECRETS_MISSING,
          "the data folder "
              + data
              + " belongs to installation "
              + id
              + ", whose secrets are not in "
              + folder
              + "; if the data was moved here, bring that folder too (0700), or name its parent as the secrets folder");
    }
    var bytes = files.read(file);
    try {
      var secrets = of(JsonTree.read(bytes));
      if (secrets.id.equals(id)) {
        return secrets;
      }
    } catch (IllegalArgumentException e) {
      throw damaged(file, e);
    }
    throw damaged(file, new IllegalArgumentException("expected installation " + id));
  }

  /// As a backup kept it.
  ///
  /// @throws KeysException INSTALLATION_DAMAGED
  static InstallationSecrets ofArchive(byte[] bytes) {
    try {
      return of(JsonTree.read(bytes));
    } catch (IllegalArgumentException e) {
      throw damaged(Path.of(FILE), e);
    }
  }

  /// Makes that the installation file of this folder knows these serial keys beside its own: none
  /// is ever forgotten, or an honest serial would count as made by somebody else.
  void mergeInto(SecretFiles files, Path folder) {
    var file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      write(files, folder);
      return;
    }
    var here = read(files, folder, folder, id);
    var known = new ArrayList<>(here.keys);
    for (var key : keys) {
      if (here.keys.stream().noneMatch(each -> MessageDigest.isEqual(each.key, key.key))) {
        known.add(key);
      }
    }
    if (known.size() > here.keys.size()) {
      known.sort(NEWEST_FIRST);
      new InstallationSecrets(id, here.created, known).write(files, folder);
    }
  }

  InstallationSecrets withEpoch(SecureRandom random) {
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    var all = new ArrayList<SerialKey>();
    all.add(new SerialKey(epoch() + 1, key));
    all.addAll(keys);
    return new InstallationSecrets(id, created, all);
  }

  void write(SecretFiles files, Path folder) {
    files.write(folder.resolve(FILE), bytes());
  }

  byte[] bytes() {
    var members = new LinkedHashMap<String, Object>();
    members.put("format", FORMAT);
    members.put("id", id);
    members.put("epoch", epoch());
    members.put("created", created);
    members.put("serial_keys", keys.stream().map(SerialKey::members).toList());
    return JsonTree.write(members);
  }

  int epoch() {
    return keys.getFirst().epoch();
  }

  List<byte[]> serialKeys() {
    return keys.stream().map(SerialKey::copy).toList();
  }

  @Override
  public String toString() {
    return "InstallationSecrets[" + id + ", redacted]";
  }

  private static InstallationSecrets of(JsonTree tree) {
    var keys = new ArrayList<SerialKey>();
    for (var item : tree.objects("serial_keys")) {
      keys.add(SerialKey.of(item));
    }
    keys.sort(NEWEST_FIRST);
    if (!tree.text("format").equals(FORMAT)) {
      throw new IllegalArgumentException("expected the format " + FORMAT);
    }
    var secrets = new InstallationSecrets(tree.text("id"), tree.text("created"), keys);
    if (tree.number("epoch") != secrets.epoch()) {
      throw new IllegalArgumentException("expected a serial key for the epoch");
    }
    return secrets;
  }

  static KeysException damaged(Path file, IllegalArgumentException cause) {
    return new KeysException(
        KeysException.Code.INSTALLATION_DAMAGED,
        file + " cannot be used: " + cause.getMessage() + "; restore it from its backup",
        cause);
  }

  record SerialKey(int epoch, byte[] key) {
    SerialKey {
      if (epoch < 1 || key.length != KEY_BYTES) {
        throw new IllegalArgumentException("expected an epoch from 1 and 16 bytes");
      }
      key = key.clone();
    }

    static SerialKey of(JsonTree item) {
      var key = Base64Url.decode(item.text("key"));
      if (key == null) {
        throw new IllegalArgumentException("expected a serial key in base64url");
      }
      return new SerialKey(Math.toIntExact(item.number("epoch")), key);
    }

    byte[] copy() {
      return key.clone();
    }

    LinkedHashMap<String, Object> members() {
      var members = new LinkedHashMap<String, Object>();
      members.put("epoch", epoch);
      members.put("key", Base64Url.encode(key));
      return members;
    }

    @Override
    public String toString() {
      return "SerialKey[" + epoch + ", redacted]";
    }
  }
}
