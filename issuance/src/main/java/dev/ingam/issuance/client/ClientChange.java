package dev.ingam.issuance.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of changing a client.
public sealed interface ClientChange {
  /// Done and committed. The secret is there when one was made, and nowhere else ever again.
  record Changed(Client client, @Nullable NewSecret secret) implements ClientChange {}

  /// Nothing was changed; all that is wrong.
  record Invalid(List<String> problems) implements ClientChange {}

  /// There is a client of that id.
  record Exists() implements ClientChange {}

  /// There is no client of that id.
  record NotFound() implements ClientChange {}
}
