package dev.ingam.drill;

import dev.ingam.drill.web.DrillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// libfaketime under a process: what it takes for the wall clock is the true one and an offset that
/// a file says, looked at once a second. Its monotonic clock stays true, as on a host whose clock
/// is set.
record FakeTime(Path library, Path file) {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String NAME = "libfaketime.so.1";

  /// For so long after a step the process may live by the time before.
  static final Duration LATENESS = Duration.ofSeconds(2);

  /// With no offset yet.
  ///
  /// @throws DrillException when the library is not installed
  static FakeTime at(Path file) {
    var fake = new FakeTime(installed(), file);
    fake.putTo(Duration.ZERO);
    return fake;
  }

  private static Path installed() {
    try (Stream<Path> folders = Files.list(LIBRARIES)) {
      return folders
          .map(folder -> folder.resolve("faketime").resolve(NAME))
          .filter(Files::isRegularFile)
          .findFirst()
          .orElseThrow(() ->
              new DrillException(
                  "expected libfaketime, which puts the server's clock forward and back, found none"
                      + " under /usr/lib/*/faketime; install it: apt install libfaketime"));
    } catch (IOException e) {
      throw new DrillException("cannot look for libfaketime: " + e, e);
    }
  }

  void putTo(Duration offset) {
    try {
      var next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, String.format(Locale.ROOT, "%+d\n", offset.toSeconds()));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DrillException("cannot set the server's clock in " + file + ": " + e, e);
    }
  }

  /// A command whose process lives by this clock.
  List<String> under(List<String> command) {
    var words =
        new ArrayList<>(
            List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + file,
                "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_RESET=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                // Else threads of Java that wait for a while do not wait at all.
                "FAKETIME_FORCE_MONOTONIC_FIX=0"));
    words.addAll(command);
    return words;
  }
}
