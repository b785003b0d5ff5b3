package dev.ingam.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a person at the terminal reads, apart from the log: the banner on standard output, and on
/// standard error why there is none.
final class Terminal {
  private final PrintStream out = stream(FileDescriptor.out);
  private final PrintStream err = stream(FileDescriptor.err);

  void say(String line) {
    out.println(line);
  }

  void complain(String line) {
    err.println(line);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
