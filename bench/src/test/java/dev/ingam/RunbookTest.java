package dev.ingam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The runbook has a page for each alarm, and no other.
class RunbookTest {
  private static final Path RUNBOOK = Path.of("..", "docs", "runbook");

  private static final List<String> HEADINGS =
      List.of(
          "## What the system has done already",
          "## What to do now",
          "## How you know that it is over",
          "## What not to do");

  private static AlarmCodes codes;

  @BeforeAll
  static void readTheSources() throws IOException {
    try (var modules = Files.list(Path.of(".."))) {
      codes = AlarmCodes.in(modules.flatMap(RunbookTest::mainFiles).toList());
    }
  }

  @Test
  void codes_canBeReadFromTheSource() {
    assertThat(codes.unreadable()).isEmpty();
    assertThat(codes.places()).hasSizeGreaterThan(30).containsKeys("theft_proven", "no_answer");
  }

  @Test
  void everyAlarm_hasItsPage() throws IOException {
    var pages = pages();
    assertThat(codes.places().entrySet())
        .allSatisfy(each ->
            assertThat(pages)
                .as(
                    "the alarm %s (%s) needs docs/runbook/%s.md, made like theft_proven.md, and a"
                        + " line in docs/runbook/README.md",
                    each.getKey(), each.getValue(), each.getKey())
                .contains(each.getKey()));
  }

  @Test
  void everyPage_isOfAnAlarm() throws IOException {
    assertThat(pages())
        .allSatisfy(page ->
            assertThat(codes.places())
                .as("no alarm has the code %s: delete docs/runbook/%s.md, or rename it", page, page)
                .containsKey(page));
  }

  @Test
  void everyPage_saysAllThatIsAsked() throws IOException {
    for (var page : pages()) {
      var text = Files.readString(RUNBOOK.resolve(page + ".md"));
      assertThat(text).as(page).startsWith("# `" + page + "`: ");
      assertThat(text.lines().filter(line -> line.startsWith("## ")).toList())
          .as("the headings of docs/runbook/%s.md", page)
          .isEqualTo(HEADINGS);
    }
  }

  @Test
  void contents_nameEachPageOnce() throws IOException {
    var contents = Files.readString(RUNBOOK.resolve("README.md"));
    for (var page : pages()) {
      assertThat(contents)
          .as("docs/runbook/README.md")
          .containsOnlyOnce("- [`" + page + "`](" + page + ".md): ");
    }
  }

  private static Set<String> pages() throws IOException {
    try (var files = Files.list(RUNBOOK)) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("\\.md$", ""))
          .filter(name -> !name.equals("README"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Stream<Path> mainFiles(Path module) {
    var sources = module.resolve("src/main/java");
    if (!Files.isDirectory(sources)) {
      return Stream.of();
    }
    try (var files = Files.walk(sources)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
