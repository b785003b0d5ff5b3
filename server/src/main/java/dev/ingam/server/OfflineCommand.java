package dev.ingam.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The words of a command that works while no server runs. Flags but `--key` are those of `serve`.
sealed interface OfflineCommand {
  String USAGE =
      """
      Usage: ingam backup verify FILE [--key K] [--secrets-dir S]
             ingam restore FILE [--key K] [--data-dir D] [--secrets-dir S] [--config F]
             ingam recover [--dry-run] [--data-dir D] [--secrets-dir S] [--config F]
      K is the backup key (default: backup.key in the installation's folder of secrets). A restore wants an empty D;
      a recovery, D of a server that is stopped.\
      """;

  /// Something to do.
  sealed interface Work extends OfflineCommand {
    Map<String, String> properties();

    @Nullable String config();
  }

  /// Read an archive to its end.
  record Verify(
      Path archive, @Nullable Path key, Map<String, String> properties, @Nullable String config)
      implements Work {}

  /// Make a data folder of an archive.
  record Restore(
      Path archive, @Nullable Path key, Map<String, String> properties, @Nullable String config)
      implements Work {}

  /// Bring an older database in line with this node's memory.
  record Recover(boolean dryRun, Map<String, String> properties, @Nullable String config)
      implements Work {}

  record Help() implements OfflineCommand {}

  record Misuse(String problem) implements OfflineCommand {}

  /// @param words the first is the command
  static OfflineCommand parse(List<String> words) {
    if (words.isEmpty() || words.contains("--help") || words.contains("-h")) {
      return new Help();
    }
    var rest = new ArrayList<>(words.subList(1, words.size()));
    if (words.getFirst().equals("recover")) {
      boolean dryRun = rest.remove("--dry-run");
      return parse(rest, (properties, config) -> new Recover(dryRun, properties, config));
    }
    Path key = null;
    int at = rest.indexOf("--key");
    if (at >= 0) {
      if (at + 1 == rest.size()) {
        return new Misuse("--key expects a file");
      }
      key = Path.of(rest.remove(at + 1));
      rest.remove(at);
    }
    if (rest.isEmpty() || rest.getFirst().startsWith("-")) {
      return new Misuse(words.getFirst() + " expects the file of a backup first");
    }
    var archive = Path.of(rest.removeFirst());
    var named = key;
    return switch (words.getFirst()) {
      case "verify" ->
          parse(rest, (properties, config) -> new Verify(archive, named, properties, config));
      case "restore" ->
          parse(rest, (properties, config) -> new Restore(archive, named, properties, config));
      default -> new Misuse("unknown: " + words.getFirst());
    };
  }

  private static OfflineCommand parse(
      List<String> flags, BiFunction<Map<String, String>, @Nullable String, Work> work) {
    return switch (CommandLine.parse(flags)) {
      case CommandLine.Help() -> new Help();
      case CommandLine.Misuse(String problem) -> new Misuse(problem);
      case CommandLine.Start(var properties, var config) -> work.apply(properties, config);
    };
  }
}
