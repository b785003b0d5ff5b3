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
final class IngamServer {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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

  private IngamServer(HttpCaller http, Ports ports, String rootCredential) {
    this.http = http;
    this.ports = ports;
    this.rootCredential = rootCredential;
  }

  /// Starts its process, on free ports.
  static Child launch(WorkFolder folder, Jvm jvm, Path config) {
    var command = jvm.server(arguments(folder, config, null));
    return Child.startLogging("server", command, folder.log("server"));
  }

  /// How its process is started.
  ///
  /// @param ports of an earlier start; null for free ones
  static List<String> arguments(WorkFolder folder, Path config, @Nullable Ports ports) {
    return List.of(
        "--data-dir",
        folder.data().toString(),
        "--secrets-dir",
        folder.secrets().toString(),
        "--public-port",
        port(ports == null ? null : ports.publicUri()),
        "--internal-port",
        port(ports == null ? null : ports.internalUri()),
        "--admin-port",
        port(ports == null ? null : ports.adminUri()),
        "--config",
        config.toString());
  }

  private static String port(@Nullable URI listener) {
    return listener == null ? "0" : Integer.toString(listener.getPort());
  }

  /// The server in this process, once it is ready.
  static IngamServer ready(Child child, WorkFolder folder, Clock clock) {
    var ports = awaitPorts(child, folder.ports(), clock);
    var file = folder.installation().resolve("root-credential");
    var credential = WorkFolder.read(file);
    if (credential == null) {
      throw new DrillException("expected the server's root credential at " + file + ", found none");
    }
    return new IngamServer(new HttpCaller(), ports, credential.strip());
  }

  Ports ports() {
    return ports;
  }

  ShopConfig.Ingam address() {
    var metadata = ports.publicUri().resolve("/.well-known/oauth-authorization-server");
    var issuer = http.get(metadata, Map.of()).expect("the server's metadata").text("issuer");
    return new ShopConfig.Ingam(ports.publicUri(), ports.internalUri(), issuer);
  }

  Json get(String path) {
    return http.get(ports.adminUri().resolve(path), HttpCaller.bearer(rootCredential))
        .expect("GET " + path);
  }

  Json post(String path, Json body) {
    return http.post(ports.adminUri().resolve(path), HttpCaller.bearer(rootCredential), body)
        .expect("POST " + path);
  }

  private static Ports awaitPorts(Child child, Path file, Clock clock) {
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
