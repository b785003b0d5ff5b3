package dev.ingam.wire;

/// What the machine lacks, never what a peer sent: for example a JDK without SHA-256.
public final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
