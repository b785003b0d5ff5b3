package dev.ingam.server.start;

import dev.ingam.keys.pkcs11.Libraries;
import dev.ingam.keys.pkcs11.PartitionConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// One place for the stores of signing keys.
public record StoreSettings(
    @Meaning(
            value =
                "file, for any number of custody domains, or pkcs11: a partition of an HSM, for one "
                    + "domain, ever. A new domain goes to the first place with room.",
            gains = "Can have new keys made where he reaches them.",
            otherwise = "no list: files alone")
        @Nullable String kind,
    @Meaning(
            value = "The PKCS #11 library of the HSM's maker, for this machine.",
            gains = "Runs code of his in the server: everything.",
            otherwise = "none; needed for pkcs11")
        @Nullable Path library,
    @Meaning(
            value = "The label of the token, as PKCS #11 calls a partition.",
            gains = "Nothing more.",
            otherwise = "none; needed for pkcs11")
        @Nullable String token,
    @Meaning(
            value = "The file with the PIN of the token's user, one line, mode 0600.",
            gains = "Who reads it and reaches the HSM can sign with its keys; none leaves it.",
            otherwise = "none; needed for pkcs11")
        @Nullable Path pinFile,
    @Meaning(
            value = "How many sessions with the token are open at once, 1 to 48.",
            gains = "Can make signing slow.")
        @DefaultValue("32")
        int sessions) {
  private static final String FILE = "file";
  private static final String PKCS11 = "pkcs11";

  /// Whether it is files, not a partition.
  boolean isFile() {
    return FILE.equals(kind);
  }

  /// The partition; sound when [#problems] is empty and it is none of files.
  PartitionConfig partition() {
    if (library == null || token == null || pinFile == null) {
      throw new IllegalStateException("expected settings that were checked");
    }
    return new PartitionConfig(library, token, pinFile, sessions);
  }

  /// Whether it is this token, under whatever name its library goes.
  boolean isIn(@Nullable Path otherLibrary, @Nullable String otherToken) {
    return token != null
        && token.equals(otherToken)
        && library != null
        && otherLibrary != null
        && Libraries.real(library).equals(Libraries.real(otherLibrary));
  }

  List<String> problems(String name) {
    var problems = new ArrayList<String>();
    if (!FILE.equals(kind) && !PKCS11.equals(kind)) {
      problems.add(name + ".kind: expected file or pkcs11, came " + kind);
    } else if (isFile() && (library != null || token != null || pinFile != null)) {
      problems.add(name + ": expected no library, token or pin-file beside kind file");
    } else if (!isFile()) {
      addPartition(name, problems);
    }
    return problems;
  }

  private void addPartition(String name, List<String> problems) {
    if (library == null || token == null || pinFile == null) {
      problems.add(name + ": expected library, token and pin-file beside kind pkcs11");
      return;
    }
    problems.addAll(problems(name, this::partition));
  }

  /// What is wrong with a partition that is named as a whole.
  static List<String> problems(String name, Supplier<PartitionConfig> partition) {
    try {
      var _ = partition.get();
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(name + ": " + e.getMessage());
    }
  }
}
