package dev.ingam.issuance.client;

import java.time.Duration;
import java.util.Set;

/// A client as the authority knows it. Checked: what is wrong in [ClientSettings] never becomes
/// one.
///
/// @param enabled a client that is not gets no token and its caller tokens are refused
/// @param version grows with each change
public record Client(
    String id,
    ClientAuthentication authentication,
    Set<ClientRight> rights,
    Set<String> scopes,
    Set<String> audiences,
    Duration tokenLifetime,
    boolean singleUse,
    SenderConstraint senderConstraint,
    boolean enabled,
    long version) {
  public Client {
    rights = Set.copyOf(rights);
    scopes = Set.copyOf(scopes);
    audiences = Set.copyOf(audiences);
    var problems =
        new ClientSettings(
                id,
                authentication,
                rights,
                scopes,
                audiences,
                tokenLifetime,
                singleUse,
                senderConstraint)
            .problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  static Client of(ClientSettings settings, boolean enabled, long version) {
    return new Client(
        settings.id(),
        settings.authentication(),
        settings.rights(),
        settings.scopes(),
        settings.audiences(),
        settings.tokenLifetime(),
        settings.singleUse(),
        settings.senderConstraint(),
        enabled,
        version);
  }

  /// What an operator would say to get this client.
  public ClientSettings settings() {
    return new ClientSettings(
        id, authentication, rights, scopes, audiences, tokenLifetime, singleUse, senderConstraint);
  }

  /// Whether it has this right and is enabled.
  public boolean may(ClientRight right) {
    return enabled && rights.contains(right);
  }

  /// The `sub` of tokens that it asks for itself.
  public String subject() {
    return SUBJECT_PREFIX + id;
  }

  /// What the subject of a client starts with, and that of a person never.
  public static final String SUBJECT_PREFIX = "client:";
}
