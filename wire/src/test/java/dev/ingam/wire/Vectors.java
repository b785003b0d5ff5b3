package dev.ingam.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// The files of `vectors/`.
final class Vectors {
  private static final int MAX_BYTES = 1024 * 1024;

  private Vectors() {}

  static JsonObject file(String name) {
    try {
      var json = JsonObject.read(Files.readAllBytes(folder().resolve(name)), MAX_BYTES);
      assertThat(json).as("vectors/" + name).isNotNull();
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All vectors of a file, each under its own name.
  static Stream<Named<JsonObject>> of(String name) {
    return list(name).stream().map(vector -> Named.of(vector.string("name"), vector));
  }

  static List<JsonObject> list(String name) {
    var vectors = file(name).objects("vectors");
    assertThat(vectors).as("vectors/" + name).isNotEmpty();
    return vectors;
  }

  private static Path folder() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("vectors/README.md"))) {
      folder = folder.getParent();
      assertThat(folder).as("a folder above that holds vectors/README.md").isNotNull();
    }
    return folder.resolve("vectors");
  }
}
