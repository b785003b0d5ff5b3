package dev.ingam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the runbook and the operator's guide tell a person to type can be typed.
class GuideCommandsTest {
  private static final Path DOCS = Path.of("..", "docs");

  /// In a block of its own, or in a sentence.
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:\\./)?ingam ([^#\\n]+)|`(?:\\./)?ingam ([^`\\n]+)`");

  private static final Set<String> PROGRAMS = Set.of("serve", "restore", "recover");

  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--?[a-z-]+");

  @Test
  void commandsOfTheRunbook_exist() throws IOException {
    List<Path> pages;
    try (var files = Files.list(DOCS.resolve("runbook"))) {
      pages = files.sorted().toList();
    }
    var commands =
        Stream.concat(pages.stream(), Stream.of(DOCS.resolve("guide/operator.md")))
            .flatMap(GuideCommandsTest::commands)
            .distinct()
            .toList();
    assertThat(commands).hasSizeGreaterThan(25).allSatisfy(GuideCommandsTest::exists);
  }

  private static Stream<String> commands(Path page) {
    try {
      return COMMAND.matcher(Files.readString(page)).results().map(GuideCommandsTest::words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String words(MatchResult found) {
    return (found.group(1) == null ? found.group(2) : found.group(1)).strip();
  }

  /// Words up to the first option or argument (arguments are written in capitals) name the command.
  private static void exists(String command) {
    var name =
        Arrays.stream(command.split("\\s+")).takeWhile(word -> word.matches("[a-z]+")).toList();
    var help = Shell.alone().with("--help").run(name.toArray(String[]::new));
    assertThat(help.out().lines().findFirst().orElse(""))
        .as("ingam %s: %s", command, help.err())
        .startsWith("Usage: ingam " + String.join(" ", name));
    if (PROGRAMS.containsAll(name)) {
      return; // A program of its own: the command does not know its options.
    }
    var options = help.out();
    assertThat(OPTION.matcher(command.replaceAll("\"[^\"]*\"", "TEXT")).results())
        .allSatisfy(option ->
            assertThat(options)
                .as("an option of ingam %s, in docs/", command)
                .containsPattern("(?m)[ ,]" + option.group() + "\\b"));
  }
}
