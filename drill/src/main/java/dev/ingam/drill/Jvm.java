package dev.ingam.drill;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// The Java that the demo's processes run on: this one, with this class path.
record Jvm(Properties system) {
  /// A process of the drill's own.
  List<String> drill(Class<?> main, Path config) {
    var command = start();
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.add("-Dsun.net.httpserver.nodelay=true");
    command.add("-Dhttp.maxConnections=64");
    var logging = system.getProperty("logback.configurationFile");
    if (logging != null) {
      command.add("-Dlogback.configurationFile=" + logging);
    }
    command.addAll(classPath());
    command.add(main.getName());
    command.add(config.toString());
    return command;
  }

  /// The real server, as `ingam serve` starts it.
  List<String> server(List<String> arguments) {
    var command = start();
    var home = system.getProperty("ingam.home");
    var options = home == null ? null : Path.of(home, "serve.options");
    if (options != null && Files.exists(options)) {
      command.add("@" + options);
      command.add("-Dingam.home=" + home);
    } else {
      command.addAll(
          List.of(
              "-XX:+DisableAttachMechanism",
              "-Djdk.serialFilter=!*",
              "--enable-native-access=ALL-UNNAMED"));
    }
    command.add("-Dingam.stop-with-input=true");
    command.addAll(classPath());
    command.add("dev.ingam.server.ServerMain");
    command.addAll(arguments);
    return command;
  }

  private List<String> start() {
    var command = new ArrayList<String>();
    command.add(Path.of(system.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-HeapDumpOnOutOfMemoryError");
    return command;
  }

  private List<String> classPath() {
    return List.of("-cp", system.getProperty("java.class.path"));
  }
}
