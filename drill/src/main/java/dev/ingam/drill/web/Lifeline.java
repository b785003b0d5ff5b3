package dev.ingam.drill.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The line to the process that started this one: its standard input. Commands come by it, one a
/// line; when it ends, the other process is gone, whatever killed it, and this one has nobody to
/// work for.
public final class Lifeline {
  private final BufferedReader in;

  public Lifeline(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /// The next command; null when the line is cut.
  public @Nullable String next() {
    try {
      return in.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  /// Returns when the line is cut.
  public void awaitCut() {
    while (next() != null) {
      // Nobody sends commands to a process that only waits.
    }
  }
}
