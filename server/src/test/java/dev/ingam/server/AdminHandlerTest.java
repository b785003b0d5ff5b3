package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.keys.disk.PosixFiles;
import dev.ingam.server.admin.AdminGuard;
import dev.ingam.server.admin.Credential;
import dev.ingam.server.admin.MetricsServlet;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.GenericApplicationContext;

/// Over a context that lacks all that the admin API is made of: to make it fails.
class AdminHandlerTest {
  @TempDir Path folder;

  private Credential credential(Credential.Kind kind) {
    return Credential.open(kind, folder, new PosixFiles(), new SecureRandom());
  }

  /// The doors open first: what stands in front of the first token is a second of each start.
  @Test
  void adminApi_isNotMadeWithTheServer() throws Exception {
    try (var parent = new GenericApplicationContext()) {
      parent.refresh();
      var guard =
          new AdminGuard(
              credential(Credential.Kind.ROOT), credential(Credential.Kind.METRICS), host -> false);
      var admin = new AdminHandler(parent, guard, new MetricsServlet(() -> ""));
      var server = new Server();
      server.setHandler(admin);
      server.start();
      try {
        assertThat(server.isStarted()).isTrue();
      } finally {
        server.stop();
      }
    }
  }
}
