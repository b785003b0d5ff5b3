package dev.ingam.verifier;

import org.jspecify.annotations.Nullable;

/// Where the bearer token for the server's internal doors comes from. Never throws; safe to call
/// concurrently.
public interface BearerSource {
  /// A token that is still good, or null when none can be had now.
  @Nullable String current();

  /// Told when the server answered 401 to `token`, so that it is not offered again.
  void refused(String token);

  /// Whether nothing can be asked without one.
  default boolean isRequired() {
    return true;
  }

  /// For doors that ask for none: the public key set, and all of them for a client whose
  /// certificate says who it is. The certificate is the business of the `HttpClient`.
  static BearerSource none() {
    return new BearerSource() {
      @Override
      public @Nullable String current() {
        return null;
      }

      @Override
      public void refused(String token) {
        // There was none to refuse.
      }

      @Override
      public boolean isRequired() {
        return false;
      }
    };
  }
}
