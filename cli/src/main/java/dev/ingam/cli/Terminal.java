package dev.ingam.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a command has around it: its three streams, the clock, and whether a person sits there.
///
/// @param interactive a person can be asked and sees progress
/// @param colored the person wants colours: interactive, and `NO_COLOR` is not set
/// @param passwords asks without echo; null when nobody can be asked
record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean interactive,
    boolean colored,
    Clock clock,
    @Nullable Function<String, char @Nullable []> passwords) {

  /// The streams of this process, in UTF-8.
  @SuppressWarnings("SystemConsoleNull") // From JDK 25 on it is null again without a terminal.
  static Terminal ofProcess(StandardOutput output, @Nullable String noColor) {
    var console = System.console();
    var asked = console != null && console.isTerminal() ? console : null;
    return new Terminal(
        System.in,
        stream(output),
        stream(new FileOutputStream(FileDescriptor.err)),
        asked != null,
        asked != null && (noColor == null || noColor.isEmpty()),
        Clock.systemUTC(),
        asked == null ? null : question -> asked.readPassword("%s", question));
  }

  private static PrintStream stream(OutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  /// A line of progress on standard error, for a person only.
  void progress(String line) {
    if (interactive) {
      err.println(line);
    }
  }

  /// True when the person answers yes. Not to be called when nobody can be asked.
  boolean confirms(String question) {
    err.print(question + " [y/N] ");
    err.flush();
    var answer = readLine();
    return answer != null
        && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
  }

  private @Nullable String readLine() {
    try {
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
    } catch (IOException e) {
      throw new CliException(
          ExitCode.ERROR, "Expected an answer; standard input broke: " + e.getMessage(), e);
    }
  }

  String red(String text) {
    return colored ? "\u001b[31m" + text + "\u001b[0m" : text;
  }

  String green(String text) {
    return colored ? "\u001b[32m" + text + "\u001b[0m" : text;
  }

  String bold(String text) {
    return colored ? "\u001b[1m" + text + "\u001b[0m" : text;
  }
}
