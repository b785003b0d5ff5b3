package dev.ingam.issuance.route;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What a token must be to pass the gate on one method and path.
///
/// @param id the operator's name for it: `[a-z0-9][a-z0-9._-]{0,39}`
/// @param method an HTTP method in upper case, or `*` for any
/// @param path which paths it is about
/// @param audience the `aud` that the token must carry
/// @param scopes all of them must be in the token
/// @param dataClass what is served there
/// @param singleUse the token is consumed by this request
/// @param boundOnly a token must be bound to its sender, by DPoP or a certificate
/// @param clientsAllowed tokens of clients (`sub` `client:<id>`) pass too
public record Route(
    String id,
    String method,
    PathPattern path,
    String audience,
    Set<String> scopes,
    DataClass dataClass,
    boolean singleUse,
    boolean clientsAllowed,
    boolean boundOnly) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");
  private static final Pattern METHOD = Pattern.compile("\\*|[A-Z]{1,16}");
  private static final Pattern AUDIENCE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}");
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,64}");
  private static final int MAX_SCOPES = 32;

  /// One that takes tokens which are bound to nobody, too.
  public Route(
      String id,
      String method,
      PathPattern path,
      String audience,
      Set<String> scopes,
      DataClass dataClass,
      boolean singleUse,
      boolean clientsAllowed) {
    this(id, method, path, audience, scopes, dataClass, singleUse, clientsAllowed, false);
  }

  /// Refuses what is no route, with a message for the operator.
  public Route {
    expect(ID.matcher(id).matches(), "id of the form [a-z0-9][a-z0-9._-]{0,39}");
    expect(METHOD.matcher(method).matches(), "method in upper case, or *");
    expect(AUDIENCE.matcher(audience).matches(), "audience of 1 to 200 visible ASCII characters");
    expect(scopes.size() <= MAX_SCOPES, "at most " + MAX_SCOPES + " scopes");
    expect(
        scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches()),
        "scopes of 1 to 64 visible ASCII characters");
    scopes = Set.copyOf(new TreeSet<>(scopes));
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + what);
    }
  }

  /// What holds where no route matches: personal data, persons only.
  public static Route strictest(String audience) {
    return new Route(
        "unmatched",
        "*",
        PathPattern.of("/**"),
        audience,
        Set.of(),
        DataClass.PERSONAL,
        false,
        false);
  }
}
