package dev.ingam.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.ingam.testkit.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// A real reverse proxy, started from its guide's own configuration with nothing changed in it but
/// addresses, and the account where the tests are not root's. What else a start from a temporary
/// folder needs stands around it.
final class Proxy implements AutoCloseable {
  private static final Path GUIDES = Path.of("..", "docs", "guide", "proxy");
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Runs a program until standard input ends: a test that is killed leaves no proxy behind.
  private static final String UNTIL_INPUT_ENDS =
      "\"$@\" </dev/null & proxy=$!; cat >/dev/null; kill $proxy; wait $proxy";

  private final Child process;
  private final Path folder;
  private final Ports ports;

  /// Where it listens; one port may speak both.
  private record Ports(int http1, int http2) {}

  /// Which proxy.
  enum Kind {
    NGINX("nginx", "nginx.conf"),
    CADDY("caddy", "Caddyfile"),
    HAPROXY("haproxy", "haproxy.cfg");

    private final String program;
    private final String guide;

    Kind(String program, String guide) {
      this.program = program;
      this.guide = guide;
    }

    /// Null when the package is not installed.
    private @Nullable Path find() {
      return PROGRAMS.stream()
          .map(folder -> folder.resolve(program))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(null);
    }

    private Path require() {
      var found = find();
      if (found == null && this == NGINX) {
        Assertions.fail("expected nginx, which the tests need: apt-get install nginx");
      }
      Assumptions.assumeTrue(found != null, program + " is not installed: apt-get install it");
      return found;
    }
  }

  private Proxy(Child process, Path folder, Ports ports) {
    this.process = process;
    this.folder = folder;
    this.ports = ports;
  }

  /// What stands behind it, each on a port of 127.0.0.1; the defect changes the script it runs.
  record Behind(int gate, int application, UnaryOperator<String> defect) {
    Behind(int gate, int application) {
      this(gate, application, UnaryOperator.identity());
    }
  }

  /// Started, and ready.
  static Proxy start(Kind kind, Path folder, Behind behind) {
    var program = kind.require();
    try {
      var home = Files.createTempDirectory(folder, kind.program);
      var port = freePort();
      var ports = new Ports(port, kind == Kind.NGINX ? freePort() : port);
      var setting = new Setting(home, ports, behind);
      var command = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "sh"));
      command.addAll(List.of("env", "HOME=" + home, "XDG_CONFIG_HOME=" + home));
      command.add(program.toString());
      command.addAll(
          switch (kind) {
            case NGINX -> setting.nginx();
            case CADDY -> setting.caddy();
            case HAPROXY -> setting.haproxy();
          });
      var log = home.resolve("log");
      var proxy = new Proxy(Child.startLogging(kind.program, command, log), home, ports);
      proxy.awaitReady(log);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return ports.http1();
  }

  int http2Port() {
    return ports.http2();
  }

  /// Everything that it wrote into its folder, its logs among it.
  String written() {
    try (Stream<Path> files = Files.walk(folder)) {
      var all = new StringBuilder();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  private void awaitReady(Path log) throws IOException {
    try {
      Until.isTrue("the proxy listens", PATIENCE, this::listens);
    } catch (AssertionError e) {
      close();
      throw new AssertionError(e.getMessage() + "\n" + Files.readString(log), e);
    }
  }

  private boolean listens() {
    try (var socket = new Socket("127.0.0.1", port())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// The guides' files with the addresses of a test in them.
  private record Setting(Path home, Ports ports, Behind behind) {
    List<String> nginx() throws IOException {
      var guide =
          write(
              "ingam.conf",
              guide(
                  Kind.NGINX,
                  "listen 127.0.0.1:8000",
                  "listen 127.0.0.1:"
                      + ports.http1()
                      + ";\n    listen 127.0.0.1:"
                      + ports.http2()
                      + " http2"));
      var user = isRoot() ? "user root root;\n" : "";
      var main =
          user
              + """
              daemon off;
              worker_processes 2;
              pid HOME/pid;
              error_log HOME/error.log info;
              events {}
              http {
                access_log HOME/access.log;
                client_body_temp_path HOME/body;
                proxy_temp_path HOME/proxy;
                fastcgi_temp_path HOME/fastcgi;
                uwsgi_temp_path HOME/uwsgi;
                scgi_temp_path HOME/scgi;
                include GUIDE;
              }
              """
                  .replace("HOME", home.toString())
                  .replace("GUIDE", guide.toString());
      var config = write("nginx.conf", main);
      return List.of("-p", home.toString(), "-e", home + "/error.log", "-c", config.toString());
    }

    List<String> caddy() throws IOException {
      var global =
          """
          {
            admin off
            storage file_system HOME/storage
            servers {
              protocols h1 h2c
            }
          }
          """;
      var guide = guide(Kind.CADDY, "http://:8000", "http://:" + ports.http1());
      var config = write("Caddyfile", global.replace("HOME", home.toString()) + guide);
      return List.of("run", "--config", config.toString(), "--adapter", "caddyfile");
    }

    List<String> haproxy() throws IOException {
      var socket = "ingam-gate-" + ports.http1();
      var lua =
          changed(
              Files.readString(GUIDES.resolve("ingam.lua")), "abns@ingam-gate", "abns@" + socket);
      var script = write("ingam.lua", behind.defect().apply(lua));
      var guide = guide(Kind.HAPROXY, "bind 127.0.0.1:8000", "bind 127.0.0.1:" + ports.http1());
      var moved = changed(guide, "/etc/haproxy/ingam.lua", script.toString());
      var account = "    user haproxy\n    group haproxy\n";
      var owned = changed(moved, account, isRoot() ? account : "");
      var config = write("haproxy.cfg", changed(owned, "abns@ingam-gate", "abns@" + socket));
      return List.of("-db", "-f", config.toString());
    }

    private String guide(Kind kind, String listen, String instead) throws IOException {
      var text = changed(Files.readString(GUIDES.resolve(kind.guide)), listen, instead);
      var asking = changed(text, "127.0.0.1:8422", "127.0.0.1:" + behind.gate());
      return changed(asking, "127.0.0.1:8080", "127.0.0.1:" + behind.application());
    }

    private static boolean isRoot() {
      return System.getProperty("user.name").equals("root");
    }

    private static String changed(String text, String what, String into) {
      if (!text.contains(what)) {
        throw new AssertionError("expected " + what + " in the guide's configuration");
      }
      return text.replace(what, into);
    }

    private Path write(String name, String text) throws IOException {
      return Files.writeString(home.resolve(name), text);
    }
  }
}
