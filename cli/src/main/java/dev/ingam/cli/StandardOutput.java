package dev.ingam.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers why it broke. [PrintStream] keeps that to itself, and half an
/// answer on a full disk, or a secret that is shown once, would pass for written.
final class StandardOutput extends FilterOutputStream {
  private static final String READER_GONE = "Broken pipe";

  private @Nullable IOException failure;

  StandardOutput(OutputStream to) {
    super(to);
  }

  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /// The exit code of a command that ended with this one: a success whose output is lost is none. A
  /// reader that has gone, as `head` does, needs no words.
  int after(int code, PrintStream err) {
    var broken = failure;
    if (broken == null) {
      return code;
    }
    if (!READER_GONE.equals(broken.getMessage())) {
      err.println(
          "ingam: Expected to write the answer to standard output; it failed: "
              + broken.getMessage()
              + ". What was asked for may be done all the same.");
    }
    return code == ExitCode.OK.code() ? ExitCode.ERROR.code() : code;
  }
}
