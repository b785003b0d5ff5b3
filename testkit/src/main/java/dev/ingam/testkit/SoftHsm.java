package dev.ingam.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A real SoftHSM2 with tokens in a folder of its own. The Debian package `softhsm2` is needed.
public final class SoftHsm {
  /// The PIN of every token's user.
  public static final String PIN = "417-a-long-pin";

  private static final String VARIABLE = "SOFTHSM2_CONF";
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

  private final Path folder;

  private SoftHsm(Path folder) {
    this.folder = folder;
  }

  /// An HSM without tokens in this empty folder.
  public static SoftHsm in(Path folder) {
    try {
      Files.createDirectories(folder.resolve("tokens"));
      Files.writeString(
          folder.resolve("softhsm2.conf"),
          "directories.tokendir = "
              + folder.resolve("tokens")
              + "\nobjectstore.backend = file\nlog.level = ERROR\n");
      Files.writeString(folder.resolve("pin"), PIN + "\n");
      Files.setPosixFilePermissions(
          folder.resolve("pin"), PosixFilePermissions.fromString("rw-------"));
      return new SoftHsm(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The library to load.
  public static Path library() {
    return LIBRARIES.stream()
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("expected the Debian package softhsm2; it is missing"));
  }

  /// The environment of processes that use it.
  public Map<String, String> environment() {
    return Map.of(VARIABLE, folder.resolve("softhsm2.conf").toString());
  }

  /// A file with the PIN.
  public Path pinFile() {
    return folder.resolve("pin");
  }

  /// Destroys every token.
  public SoftHsm withoutTokens() {
    try (var files = Files.walk(folder.resolve("tokens"))) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(folder.resolve("tokens"))) {
          Files.delete(file);
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes a token. A process that has the library ready sees it when it makes it ready anew.
  public SoftHsm token(String label) {
    run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN);
    return this;
  }

  /// Makes the library find this HSM when it is next made ready in this process.
  public SoftHsm here() {
    environment().forEach(Environment::set);
    return this;
  }

  private void run(String... command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment());
      var process = builder.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(List.of(command) + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
