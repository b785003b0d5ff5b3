package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.KeyView;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.start.KeyStores;
import dev.ingam.testkit.RemoteHsm;
import dev.ingam.testkit.SoftHsm;
import dev.ingam.testkit.Until;
import dev.ingam.wire.KeyState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server with its signing keys in an HSM.
class HsmServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private SoftHsm hsm;

  @BeforeEach
  void make() {
    hsm = SoftHsm.in(folder.resolve("hsm")).token("one").token("two").here();
  }

  /// Two partitions and files: the first signs, the second takes over, and the third place is there
  /// for the emergency after that. What was issued before is honoured all along.
  @Test
  void partition_condemned_theNextTakesOver() throws IOException {
    var settings = new HashMap<String, String>();
    settings.putAll(partition(0, SoftHsm.library(), "one"));
    settings.putAll(partition(1, SoftHsm.library(), "two"));
    settings.put("ingam.keys.stores[2].kind", "file");
    try (var server = AdminServer.start(folder, settings)) {
      var secret = client(server);
      var before = server.server().clientToken("shop", secret);
      var stolen = active(server);
      assertThat(stolen.domain()).isEqualTo("domain-1");
      server.server().bean(KeyLifecycle.class).taint(stolen.kid(), "a drill", "test");
      var next = active(server);
      assertThat(next.domain()).isEqualTo("domain-2");
      var after = server.server().clientToken("shop", secret);
      assertThat(isAccepted(server, before)).isTrue();
      assertThat(isAccepted(server, after)).isTrue();
      Until.isTrue(
          "another reserve, in files",
          PATIENCE,
          () ->
              server
                  .server()
                  .bean(KeyStores.class)
                  .signing()
                  .domains()
                  .equals(Set.of("domain-2", "domain-3")));
    }
    try (var server = AdminServer.start(folder, settings)) {
      assertThat(active(server).domain()).isEqualTo("domain-2");
    }
  }

  /// No token is issued while the HSM is away; what was issued is honoured, nothing is replaced,
  /// and it goes on by itself.
  @Test
  void hsm_awayAndBack() throws IOException {
    try (var remote = new RemoteHsm(hsm, "one", folder.resolve("socket"))) {
      var settings = new HashMap<>(partition(0, RemoteHsm.library(), "one"));
      settings.put("ingam.keys.stores[1].kind", "file");
      try (var server = AdminServer.start(folder, settings)) {
        var secret = client(server);
        var before = server.server().clientToken("shop", secret);
        var kid = active(server).kid();
        remote.kill();
        var form = TestServer.credentials("shop", secret, "shop");
        var answer = server.server().token(ListenerName.PUBLIC, form);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(isAccepted(server, before)).isTrue();
        Until.isTrue("an alarm", PATIENCE, () -> problems(server).contains("store_unreachable"));
        remote.comeBack();
        Until.isTrue(
            "tokens again",
            PATIENCE,
            () -> server.server().token(ListenerName.PUBLIC, form).statusCode() == 200);
        assertThat(active(server).kid()).isEqualTo(kid);
        Until.isTrue("no alarm", PATIENCE, () -> problems(server).isEmpty());
      }
    }
  }

  /// An HSM that does not come back soon, given up by an operator: the reserve signs, what is
  /// destroyed elsewhere does not wait for it, and its own keys are destroyed when it is back after
  /// all.
  @Test
  void hsm_givenUp() throws IOException {
    try (var remote = new RemoteHsm(hsm, "one", folder.resolve("socket"))) {
      var settings = new HashMap<>(partition(0, RemoteHsm.library(), "one"));
      settings.put("ingam.keys.stores[1].kind", "file");
      try (var server = AdminServer.start(folder, settings)) {
        var secret = client(server);
        var before = server.server().clientToken("shop", secret);
        remote.kill();
        var keys = server.server().bean(KeyLifecycle.class);
        keys.taint(active(server).kid(), "the HSM is gone", "test");
        var reserve = active(server);
        assertThat(reserve.domain()).isEqualTo("domain-2");
        server.server().clientToken("shop", secret);
        assertThat(isAccepted(server, before)).isTrue();
        keys.rotate("access", true, "test");
        Until.isTrue(
            "the key in files is destroyed",
            PATIENCE,
            () -> !Objects.requireNonNull(keys.show(reserve.kid())).privateHalf());
        remote.comeBack();
        Until.isTrue(
            "those in the HSM are destroyed",
            Duration.ofMinutes(3),
            () -> !server.server().bean(KeyStores.class).signing().domains().contains("domain-1"));
      }
    }
  }

  /// As the guide has it: keys that began in files come to be in the HSM by two taints.
  @Test
  void filesToHsm_nobodyIsLoggedOut() throws IOException {
    TestServer.start(folder).close();
    var settings = new HashMap<String, String>();
    settings.putAll(partition(0, SoftHsm.library(), "one"));
    settings.putAll(partition(1, SoftHsm.library(), "two"));
    try (var server = AdminServer.start(folder, settings)) {
      var secret = client(server);
      var before = server.server().clientToken("shop", secret);
      for (var domain : List.of("domain-2", "domain-3")) {
        server.server().bean(KeyLifecycle.class).taint(active(server).kid(), "to the HSM", "test");
        assertThat(active(server).domain()).isEqualTo(domain);
        assertThat(isAccepted(server, server.server().clientToken("shop", secret))).isTrue();
      }
      assertThat(isAccepted(server, before)).isTrue();
      Until.isTrue(
          "all are in the HSM",
          PATIENCE,
          () ->
              server
                  .server()
                  .bean(KeyStores.class)
                  .signing()
                  .domains()
                  .equals(Set.of("domain-3", "domain-4")));
      assertThat(folder.resolve("data/keys")).isDirectoryNotContaining("glob:**/domain-*.json");
    }
  }

  /// Keys in files, under master keys that lie under a key in the HSM: wrapped at the start that
  /// says so, and useless without it.
  @Test
  void masterKeys_underAKeyInTheHsm() throws IOException {
    TestServer.start(folder).close();
    var settings = new HashMap<String, String>();
    partition(0, SoftHsm.library(), "one")
        .forEach((name, value) -> settings.put(name.replace("stores[0]", "wrapping"), value));
    settings.remove("ingam.keys.wrapping.kind");
    settings.put("ingam.keys.wrapping.by", "pkcs11");
    try (var server = AdminServer.start(folder, settings)) {
      server.server().clientToken("shop", client(server));
      assertThat(masterKeys()).allMatch(line -> line.startsWith("ingam-wrapped-1 "));
      assertThat(server.post("/admin/master-keys/rotate", "{}").status()).isEqualTo(200);
      assertThat(masterKeys()).allMatch(line -> line.startsWith("ingam-wrapped-1 "));
    }
    assertThatThrownBy(() -> TestServer.start(folder))
        .hasStackTraceContaining("is not the master key of")
        .hasStackTraceContaining("configured (ingam.keys.wrapping) is Wrapping[none]");
  }

  private List<String> masterKeys() throws IOException {
    try (var files = Files.walk(folder.resolve("secrets"))) {
      var lines = new ArrayList<String>();
      for (var file : files.filter(each -> each.toString().endsWith(".master")).toList()) {
        lines.add(Files.readString(file));
      }
      return lines;
    }
  }

  private Map<String, String> partition(int place, Path library, String token) {
    var prefix = "ingam.keys.stores[" + place + "].";
    return Map.of(
        prefix + "kind",
        "pkcs11",
        prefix + "library",
        library.toString(),
        prefix + "token",
        token,
        prefix + "pin-file",
        hsm.pinFile().toString());
  }

  private static String client(AdminServer server) {
    return server.server().client("shop", ClientRight.CLIENT_CREDENTIALS, false, Set.of("orders"));
  }

  private static boolean isAccepted(AdminServer server, String token) {
    var answer =
        server.post("/admin/tokens/verify", "{\"token\":\"" + token + "\",\"audience\":\"shop\"}");
    return answer.body().path("verdict").asString().equals("accepted");
  }

  private static List<String> problems(AdminServer server) {
    return server
        .get("/admin/status")
        .body()
        .path("problems")
        .valueStream()
        .map(problem -> problem.path("code").asString())
        .toList();
  }

  private static KeyView active(AdminServer server) {
    return server.server().bean(KeyLifecycle.class).list().stream()
        .filter(key -> key.state() == KeyState.ACTIVE)
        .findFirst()
        .orElseThrow();
  }
}
