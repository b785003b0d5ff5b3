package dev.ingam.drill.web;

/// What stops a drill: the environment is not as it must be. Refusals by a gate are results, never
/// this.
public final class DrillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DrillException(String message) {
    super(message);
  }

  public DrillException(String message, Throwable cause) {
    super(message, cause);
  }
}
