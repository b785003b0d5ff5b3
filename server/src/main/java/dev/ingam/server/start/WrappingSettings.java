package dev.ingam.server.start;

import dev.ingam.keys.pkcs11.PartitionConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Under which key of the operator's the master keys of stores in files lie.
public record WrappingSettings(
    @Meaning(
            value =
                "Under which key the master keys of stores in files lie: file:PATH (not in data-dir), environment:NAME or "
                    + "credential:NAME (of systemd), 32 bytes in hexadecimal; or pkcs11, a key in the token below. Those that lie "
                    + "otherwise are wrapped at the next start.",
            gains = "Nothing by itself; who reads that key and the two folders has the keys.",
            otherwise = "none: they lie in clear in secrets-dir")
        @Nullable String by,
    @Meaning(
            value =
                "The same, for the key of before: what lies under it is wrapped under the one of now, or laid in clear if "
                    + "there is none, at the next start. Then take it away.",
            gains = "Nothing.",
            otherwise = "none")
        @Nullable String before,
    @Meaning(
            value = "The PKCS #11 library of the token's maker, for this machine.",
            gains = "Runs code of his in the server: everything.",
            otherwise = "none; needed for pkcs11")
        @Nullable Path library,
    @Meaning(
            value = "The label of the token with the wrapping key. It bears no store.",
            gains = "Nothing more.",
            otherwise = "none; needed for pkcs11")
        @Nullable String token,
    @Meaning(
            value = "The file with the PIN of its user, one line, mode 0600.",
            gains = "Who reads it, reaches the HSM and has the two folders has the keys.",
            otherwise = "none; needed for pkcs11")
        @Nullable Path pinFile) {
  private static final int SESSIONS = 4;
  private static final String NAME = "ingam.keys.wrapping";

  /// The token; sound when [#problems] is empty and a key is in it.
  PartitionConfig partition() {
    if (library == null || token == null || pinFile == null) {
      throw new IllegalStateException("expected settings that were checked");
    }
    return new PartitionConfig(library, token, pinFile, SESSIONS);
  }

  /// @param data the data folder
  /// @param stores that are configured beside
  List<String> problems(Path data, List<StoreSettings> stores) {
    var problems = new ArrayList<String>();
    add(NAME + ".by", by, data, problems);
    add(NAME + ".before", before, data, problems);
    boolean wanted = isToken(by) || isToken(before);
    if (wanted && Stream.of(library, token, pinFile).anyMatch(Objects::isNull)) {
      problems.add(NAME + ": expected library, token and pin-file beside pkcs11");
    } else if (wanted) {
      problems.addAll(StoreSettings.problems(NAME, this::partition));
    } else if (Stream.of(library, token, pinFile).anyMatch(Objects::nonNull)) {
      problems.add(NAME + ": expected library, token and pin-file only beside pkcs11");
    }
    if (wanted && stores.stream().anyMatch(store -> store.isIn(library, token))) {
      problems.add(NAME + ": expected a token that bears no store");
    }
    return problems;
  }

  private static boolean isToken(@Nullable String text) {
    var source = text == null ? null : WrappingSource.of(text);
    return source != null && source.isToken();
  }

  private static void add(String name, @Nullable String text, Path data, List<String> problems) {
    if (text == null) {
      return;
    }
    var source = WrappingSource.of(text);
    if (source == null) {
      problems.add(
          name + ": expected file:PATH, environment:NAME, credential:NAME or pkcs11, came " + text);
    } else if (source.isWithin(data)) {
      problems.add(name + ": expected a file outside of the data folder " + data);
    }
  }
}
