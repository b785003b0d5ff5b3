package dev.ingam.bench;

import java.io.PrintStream;

/// What happens meanwhile, one line each, never on standard output.
final class Progress {
  private final PrintStream out;

  Progress(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }
}
