package dev.ingam.issuance.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What an operator says about a client. Unchecked: [#problems()] lists all that is wrong with it.
///
/// @param id `[a-z0-9][a-z0-9._-]{0,39}`
/// @param scopes what it may ask for; names that start with `ingam:` are ours
/// @param audiences whom its tokens may be for; names that start with `urn:ingam:` are ours
/// @param tokenLifetime 30 s to 15 min; 5 min is the default
/// @param senderConstraint whether its tokens must be bound to it
/// @param singleUse each of its tokens passes once
public record ClientSettings(
    String id,
    ClientAuthentication authentication,
    Set<ClientRight> rights,
    Set<String> scopes,
    Set<String> audiences,
    Duration tokenLifetime,
    boolean singleUse,
    SenderConstraint senderConstraint) {
  /// Lifetime of a token unless the client says otherwise.
  public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

  /// No client's tokens live longer.
  public static final Duration MAX_LIFETIME = Duration.ofMinutes(15);

  private static final Duration MIN_LIFETIME = Duration.ofSeconds(30);
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,64}");
  private static final Pattern AUDIENCE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}");
  private static final int MAX_SCOPES = 32;
  private static final int MAX_AUDIENCES = 50;
  private static final int MAX_KEYS = 8;
  private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");

  /// Of a client whose tokens need not be bound.
  public ClientSettings(
      String id,
      ClientAuthentication authentication,
      Set<ClientRight> rights,
      Set<String> scopes,
      Set<String> audiences,
      Duration tokenLifetime,
      boolean singleUse) {
    this(
        id,
        authentication,
        rights,
        scopes,
        audiences,
        tokenLifetime,
        singleUse,
        SenderConstraint.NONE);
  }

  public ClientSettings {
    rights = Set.copyOf(rights);
    scopes = Set.copyOf(scopes);
    audiences = Set.copyOf(audiences);
  }

  /// All that is wrong, for the operator; empty when nothing is.
  public List<String> problems() {
    var problems = new ArrayList<String>();
    if (!ID.matcher(id).matches()) {
      problems.add("id: expected the form [a-z0-9][a-z0-9._-]{0,39}");
    }
    if (tokenLifetime.compareTo(MIN_LIFETIME) < 0 || tokenLifetime.compareTo(MAX_LIFETIME) > 0) {
      problems.add(
          "token_lifetime: expected 30 s to 15 min, came " + tokenLifetime.toSeconds() + " s");
    }
    addProblemsOfScopes(problems);
    addProblemsOfAudiences(problems);
    addProblemsOfRights(problems);
    addProblemsOfAuthentication(problems);
    if (senderConstraint == SenderConstraint.CERTIFICATE
        && authentication.certificates().isEmpty()) {
      problems.add(
          "sender_constraint: certificate needs a client that authenticates with one; others can"
              + " have dpop");
    }
    if (senderConstraint == SenderConstraint.DPOP
        && authentication.certificates().isEmpty()
        && (rights.contains(ClientRight.LEDGER) || rights.contains(ClientRight.LOGIN_EVENTS))) {
      problems.add(
          "sender_constraint: caller tokens are bound to nobody; for the rights ledger and"
              + " login_events make another client, or one with a certificate");
    }
    return problems;
  }

  private void addProblemsOfAuthentication(List<String> problems) {
    switch (authentication) {
      case ClientAuthentication.ClientSecret secret -> {}
      case ClientAuthentication.PrivateKeyJwt byKey -> {
        var count = byKey.keys().keys().size();
        if (count < 1 || count > MAX_KEYS) {
          problems.add("jwks: expected 1 to " + MAX_KEYS + " keys, came " + count);
        }
      }
      case ClientAuthentication.TlsClientAuth(CertificateName name) -> {
        var problem = name.problem();
        if (problem != null) {
          problems.add(problem);
        }
      }
      case ClientAuthentication.SelfSignedTls(Set<String> thumbprints) -> {
        if (thumbprints.isEmpty()
            || thumbprints.size() > MAX_KEYS
            || !thumbprints.stream().allMatch(each -> THUMBPRINT.matcher(each).matches())) {
          problems.add(
              "certificate_thumbprints: expected 1 to "
                  + MAX_KEYS
                  + ", each the SHA-256 of a certificate in base64url (43 characters)");
        }
      }
    }
  }

  private void addProblemsOfRights(List<String> problems) {
    if (rights.isEmpty()) {
      problems.add("rights: expected at least one");
    }
    if (rights.contains(ClientRight.TOKEN_EXCHANGE) && rights.contains(ClientRight.LOGIN_EVENTS)) {
      problems.add(
          "rights: token_exchange and login_events never belong to one client; make two, so that"
              + " one stolen credential opens nothing");
    }
    var forPersons =
        rights.contains(ClientRight.TOKEN_EXCHANGE) || rights.contains(ClientRight.LOGIN_EVENTS);
    if (forPersons && authentication instanceof ClientAuthentication.ClientSecret) {
      problems.add(
          "authentication: token_exchange and login_events need private_key_jwt or a certificate,"
              + " not a secret");
    }
    if (rights.contains(ClientRight.GATE) && authentication.certificates().isEmpty()) {
      problems.add(
          "rights: gate needs a client with a certificate; at /gate the token is the user's");
    }
    var issues =
        rights.contains(ClientRight.CLIENT_CREDENTIALS)
            || rights.contains(ClientRight.TOKEN_EXCHANGE);
    if (issues && audiences.isEmpty()) {
      problems.add("audiences: expected at least one for a client that asks for tokens");
    }
  }

  private void addProblemsOfScopes(List<String> problems) {
    if (scopes.size() > MAX_SCOPES) {
      problems.add("scopes: expected at most " + MAX_SCOPES);
    }
    if (!scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches())) {
      problems.add("scopes: expected 1 to 64 visible ASCII characters without \" and \\");
    }
    if (scopes.stream().anyMatch(scope -> scope.startsWith("ingam:"))) {
      problems.add("scopes: names that start with ingam: are given by rights");
    }
  }

  private void addProblemsOfAudiences(List<String> problems) {
    if (audiences.size() > MAX_AUDIENCES) {
      problems.add("audiences: expected at most " + MAX_AUDIENCES);
    }
    if (!audiences.stream().allMatch(audience -> AUDIENCE.matcher(audience).matches())) {
      problems.add("audiences: expected 1 to 200 visible ASCII characters without \" and \\");
    }
    if (audiences.stream().anyMatch(audience -> audience.startsWith("urn:ingam:"))) {
      problems.add("audiences: names that start with urn:ingam: are given by rights");
    }
  }
}
