package dev.ingam.server.tls;

import dev.ingam.server.start.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of one listener.
///
/// @param clientCa null: no certificate is asked for
/// @param clientCrl null: none is known to be revoked
record TlsFiles(Path certificate, Path key, @Nullable Path clientCa, @Nullable Path clientCrl) {
  /// The files that the settings name, or null for a listener without TLS.
  static @Nullable TlsFiles of(Settings.Tls tls) {
    var certificate = tls.certificate();
    var key = tls.key();
    return certificate == null || key == null
        ? null
        : new TlsFiles(certificate, key, tls.clientCa(), tls.clientCrl());
  }

  /// What changes whenever one of the files does: which files they are, how long, and when they
  /// were written or replaced. Their content is not read.
  String state() {
    return String.join(
        "\n", Stream.of(certificate, key, clientCa, clientCrl).map(TlsFiles::state).toList());
  }

  private static String state(@Nullable Path file) {
    if (file == null) {
      return "";
    }
    try {
      Map<String, Object> is = Files.readAttributes(file, "unix:ino,size,ctime,lastModifiedTime");
      return List.of("ino", "size", "ctime", "lastModifiedTime").stream()
          .map(name -> Objects.toString(is.get(name)))
          .reduce("", (all, each) -> all + " " + each);
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
