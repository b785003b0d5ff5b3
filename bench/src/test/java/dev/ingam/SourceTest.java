package dev.ingam;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// What only the source text shows: lengths, and that no package is without its null marking.
class SourceTest {
  private static final int MAX_FILE_LINES = 400;
  private static final int MAX_METHOD_LINES = 40;
  private static final Path ROOT = root();

  @Test
  void files_haveAtMost400Lines() {
    assertThat(mainFiles().filter(file -> lines(file).size() > MAX_FILE_LINES)).isEmpty();
  }

  @Test
  void methods_haveAtMost40Lines() throws IOException {
    assertThat(longMethods(mainFiles().toList())).isEmpty();
  }

  @Test
  void everyPackage_isNullMarked() {
    var packages = mainFiles().map(Path::getParent).distinct();
    assertThat(packages.filter(folder -> !isNullMarked(folder))).isEmpty();
  }

  /// A migration runs once, for the role of that day: rights stand in `afterMigrate.sql`, for the
  /// role that is configured.
  @Test
  void migrations_grantNothing() {
    assertThat(files("src/main/resources", ".sql"))
        .isNotEmpty()
        .filteredOn(file -> !file.endsWith("afterMigrate.sql"))
        .noneMatch(file ->
            lines(file).stream().anyMatch(line -> line.strip().matches("(?i)(grant|revoke)\\b.*")));
  }

  private static List<String> longMethods(List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var found = new ArrayList<String>();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var sources = manager.getJavaFileObjectsFromPaths(files);
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, sources);
      var positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new TreeScanner<Void, Void>() {
          @Override
          public Void visitMethod(MethodTree method, Void unused) {
            var map = unit.getLineMap();
            var first = map.getLineNumber(positions.getStartPosition(unit, method));
            var last = map.getLineNumber(positions.getEndPosition(unit, method));
            if (last - first + 1 > MAX_METHOD_LINES) {
              found.add(unit.getSourceFile().getName() + ":" + first + " " + method.getName());
            }
            return super.visitMethod(method, unused);
          }
        }.scan(unit, null);
      }
    }
    return found;
  }

  private static boolean isNullMarked(Path folder) {
    var info = folder.resolve("package-info.java");
    return Files.exists(info) && lines(info).contains("@NullMarked");
  }

  private static Stream<Path> mainFiles() {
    return files("src/main/java", ".java");
  }

  private static Stream<Path> files(String folder, String ending) {
    try (var modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve(folder))
          .filter(Files::isDirectory)
          .flatMap(each -> files(each, ending))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder, String ending) {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    assertThat(folder).as("a folder above that holds mvnw").isNotNull();
    return folder;
  }
}
