package dev.ingam.keys.file;

import dev.ingam.keys.disk.JsonTree;
import dev.ingam.wire.Base64Url;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The content of a store file: `docs/spec/key-store.md`.
///
/// @param check nothing, sealed: tells a wrong master key from a damaged key
record StoreFile(String installation, String domain, SealedKey check, List<SealedKey> keys) {
  static final String FORMAT = "ingam-key-store-1";
  static final String CHECK = "check";
  static final String NO_ALGORITHM = "none";

  StoreFile {
    keys = List.copyOf(keys);
    var handles = new HashSet<String>();
    for (var key : keys) {
      if (!handles.add(key.handle()) || key.handle().equals(CHECK)) {
        throw new IllegalArgumentException("expected each handle once");
      }
    }
  }

  /// @throws IllegalArgumentException when the bytes are not such a file
  static StoreFile read(byte[] bytes) {
    var tree = JsonTree.read(bytes);
    if (!tree.text("format").equals(FORMAT)) {
      throw new IllegalArgumentException("expected the format " + FORMAT);
    }
    var check = tree.object(CHECK);
    return new StoreFile(
        tree.text("installation"),
        tree.text("domain"),
        new SealedKey(
            CHECK,
            NO_ALGORITHM,
            "",
            SealedKey.bytes(check, "nonce"),
            SealedKey.bytes(check, "sealed"),
            false),
        tree.objects("keys").stream().map(SealedKey::of).toList());
  }

  byte[] bytes() {
    var members = new LinkedHashMap<String, Object>();
    members.put("format", FORMAT);
    members.put("installation", installation);
    members.put("domain", domain);
    members.put(
        CHECK,
        Map.of(
            "nonce", Base64Url.encode(check.nonce()), "sealed", Base64Url.encode(check.sealed())));
    members.put("keys", keys.stream().map(SealedKey::members).toList());
    return JsonTree.write(members);
  }

  @Nullable SealedKey find(String handle) {
    for (var key : keys) {
      if (key.handle().equals(handle)) {
        return key;
      }
    }
    return null;
  }

  StoreFile with(SealedKey key) {
    var more = new ArrayList<>(keys);
    more.add(key);
    return new StoreFile(installation, domain, check, more);
  }

  StoreFile kept(String handle) {
    return new StoreFile(
        installation,
        domain,
        check,
        keys.stream().map(key -> key.handle().equals(handle) ? key.pending(false) : key).toList());
  }

  StoreFile without(String handle) {
    return new StoreFile(
        installation,
        domain,
        check,
        keys.stream().filter(key -> !key.handle().equals(handle)).toList());
  }
}
