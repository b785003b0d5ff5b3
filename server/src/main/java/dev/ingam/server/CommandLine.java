package dev.ingam.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The words after `ingam serve`. Each flag is another name of a property.
sealed interface CommandLine {
  String USAGE =
      """
      Usage: ingam serve [--data-dir D] [--secrets-dir S] [--public-port N] [--internal-port N] [--admin-port N] [--config F]
      Flags stand for properties (--data-dir for ingam.data-dir); F is a YAML or properties file with any of them.
      Port 0 takes a free one; the ports in use are written to D/run/ports.json when the server is ready.\
      """;

  /// Start with these properties.
  record Start(Map<String, String> properties, @Nullable String config) implements CommandLine {}

  /// Print the usage and be done.
  record Help() implements CommandLine {}

  /// Not understood.
  record Misuse(String problem) implements CommandLine {}

  String CONFIG = "";

  /// The flags and their properties; `--config` is a file of properties.
  Map<String, String> FLAGS =
      Map.of(
          "--data-dir", "ingam.data-dir",
          "--secrets-dir", "ingam.secrets-dir",
          "--public-port", "ingam.public.port",
          "--internal-port", "ingam.internal.port",
          "--admin-port", "ingam.admin.port",
          "--config", CONFIG);

  static CommandLine parse(List<String> words) {
    var properties = new LinkedHashMap<String, String>();
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      if (word.equals("--help") || word.equals("-h")) {
        return new Help();
      }
      var equals = word.indexOf('=');
      var flag = equals < 0 ? word : word.substring(0, equals);
      var property = FLAGS.get(flag);
      if (property == null) {
        return new Misuse("unknown: " + flag);
      }
      if (equals < 0 && ++i == words.size()) {
        return new Misuse(flag + " expects a value");
      }
      var value = equals < 0 ? words.get(i) : word.substring(equals + 1);
      if (value.isEmpty()) {
        return new Misuse(flag + " expects a value");
      }
      if (properties.put(property, value) != null) {
        return new Misuse(flag + " is given twice");
      }
    }
    var config = properties.remove(CONFIG);
    return new Start(properties, config);
  }
}
