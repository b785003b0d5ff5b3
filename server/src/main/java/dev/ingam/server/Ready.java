package dev.ingam.server;

import dev.ingam.keys.Installation;
import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.keys.disk.SecretFiles;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.springframework.context.SmartLifecycle;

/// Says that the doors are open: the file `run/ports.json` in the data folder while they are, and
/// the lines of the banner.
final class Ready implements SmartLifecycle {
  private final SecretFiles files = new PosixFiles();
  private final Path dataDir;
  private final Path file;
  private final Listeners listeners;
  private final AdminHandler admin;
  private volatile boolean running;

  private Ready(Path dataDir, Listeners listeners, AdminHandler admin) {
    this.admin = admin;
    this.dataDir = dataDir;
    this.file = dataDir.resolve("run").resolve("ports.json");
    this.listeners = listeners;
  }

  /// Takes away what a killed server left; the folder is ours, its lock is held.
  static Ready of(Installation installation, Listeners listeners, AdminHandler admin) {
    var ready = new Ready(installation.dataDir(), listeners, admin);
    ready.remove();
    return ready;
  }

  /// After the web server has started.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void start() {
    var text =
        "{\"public\":"
            + listeners.port(ListenerName.PUBLIC)
            + ",\"internal\":"
            + listeners.port(ListenerName.INTERNAL)
            + ",\"admin\":"
            + listeners.port(ListenerName.ADMIN)
            + ",\"pid\":"
            + ProcessHandle.current().pid()
            + urls()
            + "}\n";
    files.makeFolder(dataDir.resolve("run"));
    files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    running = true;
    admin.warm();
  }

  /// Where the listeners stand, when a port alone does not say it.
  private String urls() {
    var urls = new StringJoiner(",", ",\"urls\":{", "}").setEmptyValue("");
    for (var listener : ListenerName.values()) {
      var url = listeners.url(listener);
      if (!url.equals("http://127.0.0.1:" + listeners.port(listener))) {
        urls.add("\"" + listener.connector() + "\":\"" + url + "\"");
      }
    }
    return urls.toString();
  }

  @Override
  public void stop() {
    running = false;
    remove();
  }

  private void remove() {
    files.delete(file);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  List<String> lines() {
    return List.of(
        "Ingam is ready (data in " + dataDir + ").",
        "  public    " + listeners.url(ListenerName.PUBLIC) + "   tokens, keys",
        "  internal  "
            + listeners.url(ListenerName.INTERNAL)
            + "   exchange, log-in events, ledger, /gate",
        "  admin     " + listeners.url(ListenerName.ADMIN) + "   operators",
        "Next: ./ingam status");
  }
}
