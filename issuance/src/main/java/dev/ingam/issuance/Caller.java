package dev.ingam.issuance;

import java.util.Set;

/// A client at one of the internal doors.
public record Caller(String clientId, Set<String> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }
}
