package dev.ingam.server.start;

/// A password that does not print itself.
public record Secret(String value) {
  public static Secret valueOf(String value) {
    return new Secret(value);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
