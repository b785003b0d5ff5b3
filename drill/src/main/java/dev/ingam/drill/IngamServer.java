package dev.ingam.drill;

import dev.ingam.drill.shop.ShopConfig;
import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The real server in a process of its own, and its admin API with the root credential that it made
/// for itself.
final class IngamServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Child child;
  private final HttpCaller http;
  private final Ports ports;
  private final String rootCredential;

  /// Where the three listeners are.
  record Ports(URI publicUri, URI internalUri, URI adminUri) {
    static Ports of(Json json) {
      return new Ports(local(json, "public"), local(json, "internal"), local(json, "admin"));
    }

    private static URI local(Json json, String name) {
      return URI.create("http://127.0.0.1:" + json.number(name));
    }
  }

  private IngamServer(Child child, HttpCaller http, Ports ports, String rootCredential) {
    this.child = child;
    this.http = http;
    this.ports = ports;
    this.rootCredential = rootCredential;
  }

  /// Starts it on free ports and returns when it is ready.
  static IngamServer start(WorkFolder folder, Jvm jvm, Path config, Clock clock) {
    var arguments =
        List.of(
            "--data-dir",
            folder.data().toString(),
            "--secrets-dir",
            folder.secrets().toString(),
            "--public-port",
            "0",
            "--internal-port",
            "0",
            "--admin-port",
            "0",
            "--config",
            config.toString());
    var child = Child.startLogging("server", jvm.server(arguments), folder.log("server"));
    try {
      var ports = ready(child, folder.data().resolve("run").resolve("ports.json"), clock);
      var root = WorkFolder.read(folder.installation().resolve("root-credential"));
      return new IngamServer(child, new HttpCaller(), ports, root == null ? "" : root.strip());
    } catch (DrillException e) {
      child.close();
      throw e;
    }
  }

  Ports ports() {
    return ports;
  }

  ShopConfig.Ingam address() {
    var metadata = ports.publicUri().resolve("/.well-known/oauth-authorization-server");
    var issuer = http.get(metadata, Map.of()).expect("the server's metadata").text("issuer");
    return new ShopConfig.Ingam(ports.publicUri(), ports.internalUri(), issuer);
  }

  boolean isAlive() {
    return child.isAlive();
  }

  Json get(String path) {
    return http.get(ports.adminUri().resolve(path), HttpCaller.bearer(rootCredential))
        .expect("GET " + path);
  }

  Json post(String path, Json body) {
    return http.post(ports.adminUri().resolve(path), HttpCaller.bearer(rootCredential), body)
        .expect("POST " + path);
  }

  @Override
  public void close() {
    child.close();
  }

  private static Ports ready(Child child, Path file, Clock clock) {
    Instant deadline = clock.instant().plus(PATIENCE);
    for (var ports = ports(file); ; ports = ports(file)) {
      if (ports != null) {
        return ports;
      }
      if (!child.isAlive()) {
        throw child.ended();
      }
      if (clock.instant().isAfter(deadline)) {
        throw new DrillException("the server was not ready within " + PATIENCE.toSeconds() + " s");
      }
      pause(50);
    }
  }

  /// The ports once they are written; a file half written does not read as JSON yet.
  private static @Nullable Ports ports(Path file) {
    var text = WorkFolder.read(file);
    var json = text == null ? null : Json.readOrNull(text.getBytes(StandardCharsets.UTF_8));
    return json == null ? null : Ports.of(json);
  }

  static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("stopped", e);
    }
  }
}
