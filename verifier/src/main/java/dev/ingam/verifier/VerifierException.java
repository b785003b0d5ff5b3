package dev.ingam.verifier;

/// What this service itself lacks: a key that signs nothing, a JDK without the algorithm. Never
/// what a token or an answer held.
public final class VerifierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VerifierException(String message, Throwable cause) {
    super(message, cause);
  }
}
