package dev.ingam.cli;

/// What the command's exit code tells a script.
enum ExitCode {
  OK(0),
  ERROR(1),
  USAGE(2),
  CHECK_FAILED(3),
  NOT_PERMITTED(4),
  WAITING(5),
  TRY_AGAIN(75);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
