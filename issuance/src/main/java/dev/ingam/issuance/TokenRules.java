package dev.ingam.issuance;

import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.issuance.client.SenderConstraint;
import dev.ingam.issuance.session.Session;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.wire.Confirmation;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.TargetUri;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// The rules of the token endpoint, one class each.
final class TokenRules {
  private static final int MAX_SCOPE_TEXT = 2_200;

  private TokenRules() {}

  /// The body is a form, each parameter there at most once.
  record FormIsReadable() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      var request = attempt.request();
      return switch (Form.read(request.contentType(), request.body())) {
        case Form.Read(Form form) -> new Next(attempt.with(form));
        case Form.Refused(String detail) -> TokenRule.stop(OAuthError.INVALID_REQUEST, detail);
      };
    }
  }

  /// The grant is one that we serve.
  record GrantIsKnown() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      var name = attempt.form().get("grant_type");
      if (name == null) {
        return TokenRule.stop(OAuthError.INVALID_REQUEST, "expected the parameter grant_type");
      }
      var grant = GrantType.of(name);
      return grant == null
          ? TokenRule.stop(
              OAuthError.UNSUPPORTED_GRANT_TYPE,
              "expected grant_type client_credentials or " + TokenTypes.EXCHANGE_GRANT)
          : new Next(attempt.with(grant));
    }
  }

  /// The grant is served on this listener.
  record ListenerServesGrant() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      return attempt.grant().listener() == attempt.request().listener()
          ? new Next(attempt)
          : TokenRule.stop(
              OAuthError.UNAUTHORIZED_CLIENT,
              switch (attempt.grant()) {
                case CLIENT_CREDENTIALS -> "client_credentials is served on the public listener";
                case TOKEN_EXCHANGE -> "token exchange is served on the internal listener";
              });
    }
  }

  /// The client proves who it is.
  record ClientAuthenticates(ClientAuthenticator authenticator) implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      var request = attempt.request();
      var outcome =
          authenticator.authenticate(
              attempt.form(), request.authorization(), request.certificate());
      return switch (outcome) {
        case ClientAuthenticator.Authenticated(Client client) -> new Next(attempt.with(client));
        case ClientAuthenticator.Failed failed ->
            new Stop(
                new TokenResponse.Refused(
                    failed.error(), failed.description(), failed.challenge()));
      };
    }
  }

  /// The client asks for an audience that is its to ask for; its only one when it names none.
  record AudienceIsGranted() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      var client = attempt.client();
      var asked = attempt.form().get("audience");
      if (asked == null) {
        return client.audiences().size() == 1
            ? new Next(attempt.withAudience(client.audiences().iterator().next()))
            : TokenRule.stop(
                OAuthError.INVALID_TARGET,
                "expected the parameter audience; this client has several");
      }
      return allowed(attempt, client, asked)
          ? new Next(attempt.withAudience(asked))
          : TokenRule.stop(
              OAuthError.INVALID_TARGET, "expected an audience granted to this client");
    }

    private static boolean allowed(Attempt attempt, Client client, String asked) {
      return asked.equals(Internal.AUDIENCE)
          ? attempt.grant() == GrantType.CLIENT_CREDENTIALS && !Internal.scopesOf(client).isEmpty()
          : client.audiences().contains(asked);
    }
  }

  /// The client has the grant. A caller token needs a right at the internal doors instead.
  record ClientHasGrant() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      return attempt.isForInternalDoors() || attempt.client().may(attempt.grant().right())
          ? new Next(attempt)
          : TokenRule.stop(
              OAuthError.UNAUTHORIZED_CLIENT,
              "expected a client with the right " + attempt.grant().right().wireName());
    }
  }

  /// The client asks for scopes that are its to ask for; for all of them when it names none.
  record ScopeIsGranted() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      var granted =
          attempt.isForInternalDoors()
              ? Internal.scopesOf(attempt.client())
              : attempt.client().scopes();
      var asked = attempt.form().get("scope");
      if (asked == null) {
        return new Next(attempt.withScope(List.copyOf(new TreeSet<>(granted))));
      }
      if (asked.length() > MAX_SCOPE_TEXT) {
        return refused();
      }
      var scopes = new TreeSet<>(List.of(asked.split(" ", -1)));
      return granted.containsAll(scopes)
          ? new Next(attempt.withScope(List.copyOf(scopes)))
          : refused();
    }

    private static Step refused() {
      return TokenRule.stop(
          OAuthError.INVALID_SCOPE,
          "expected scopes granted to this client, one space between them");
    }
  }

  /// The parameters of an exchange are those that we serve.
  record ExchangeIsServed() implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      if (attempt.grant() != GrantType.TOKEN_EXCHANGE) {
        return new Next(attempt);
      }
      var form = attempt.form();
      if (form.get("subject_token") == null
          || !TokenTypes.JWT.equals(form.get("subject_token_type"))) {
        return TokenRule.stop(
            OAuthError.INVALID_REQUEST,
            "expected subject_token, and subject_token_type " + TokenTypes.JWT);
      }
      var wanted = form.get("requested_token_type");
      if (wanted != null && !Set.of(TokenTypes.ACCESS_TOKEN, TokenTypes.JWT).contains(wanted)) {
        return TokenRule.stop(
            OAuthError.INVALID_REQUEST,
            "expected no requested_token_type but " + TokenTypes.ACCESS_TOKEN);
      }
      return form.get("actor_token") == null
          ? new Next(attempt)
          : TokenRule.stop(OAuthError.INVALID_REQUEST, "expected no actor_token");
    }
  }

  /// The token is bound to its sender: to the key of a DPoP proof where one came, or to the
  /// certificate with which the client authenticated. The client's policy may ask for either.
  record SenderIsBound(DpopCheck dpop, Set<TargetUri> endpoints) implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      if (attempt.isForInternalDoors()) {
        return forInternalDoors(attempt);
      }
      var request = attempt.request();
      return switch (attempt.client().senderConstraint()) {
        case CERTIFICATE -> toCertificate(attempt, Objects.requireNonNull(request.certificate()));
        case DPOP -> request.dpop() == null ? noProof() : toKey(attempt, request.dpop());
        case NONE -> request.dpop() == null ? new Next(attempt) : toKey(attempt, request.dpop());
      };
    }

    /// A caller token is bound to nobody, whatever came with the request: who wants more comes with
    /// a certificate, and needs none.
    private static Step forInternalDoors(Attempt attempt) {
      return attempt.client().senderConstraint() == SenderConstraint.NONE
          ? new Next(attempt)
          : TokenRule.stop(
              OAuthError.UNAUTHORIZED_CLIENT,
              "expected a client whose tokens need not be bound; at the internal doors a certificate"
                  + " is enough");
    }

    private static Step toCertificate(Attempt attempt, PresentedCertificate certificate) {
      return attempt.request().dpop() == null
          ? new Next(
              attempt.boundTo(
                  new Confirmation(Confirmation.Method.CERTIFICATE, certificate.thumbprint())))
          : TokenRule.stop(
              OAuthError.INVALID_REQUEST,
              "expected no DPoP proof; tokens of this client are bound to its certificate");
    }

    private static Step noProof() {
      return TokenRule.stop(
          OAuthError.INVALID_DPOP_PROOF,
          "expected a DPoP proof; tokens of this client are bound to a key");
    }

    private Step toKey(Attempt attempt, String proof) {
      var request = new DpopCheck.Request("POST", endpoints, attempt.client().id(), null);
      var result = dpop.check(proof, request);
      var thumbprint = result.thumbprint();
      if (thumbprint != null) {
        return new Next(attempt.boundTo(new Confirmation(Confirmation.Method.DPOP, thumbprint)));
      }
      var error =
          result.nonce() != null
              ? OAuthError.USE_DPOP_NONCE
              : result.doubt() ? OAuthError.TEMPORARILY_UNAVAILABLE : OAuthError.INVALID_DPOP_PROOF;
      return TokenRule.stop(error, "DPoP proof: " + result.problem());
    }
  }

  /// The log-in system vouches for a subject in a live session of that subject that another client
  /// opened.
  record SessionIsLive(SubjectTokens tokens, Sessions sessions, ExchangeWatch watch)
      implements TokenRule {
    private static final String NO_SESSION =
        "expected sid to name a live session of this subject, opened by a log-in event";

    @Override
    public Step apply(Attempt attempt) {
      if (attempt.grant() != GrantType.TOKEN_EXCHANGE) {
        return new Next(attempt);
      }
      var token = attempt.form().get("subject_token");
      return switch (tokens.read(token == null ? "" : token)) {
        case SubjectTokens.Refused(String detail) ->
            TokenRule.stop(OAuthError.INVALID_GRANT, "subject_token: " + detail);
        case SubjectTokens.Vouched vouched -> withSession(attempt, vouched);
      };
    }

    private Step withSession(Attempt attempt, SubjectTokens.Vouched vouched) {
      var id = vouched.session();
      var session = id == null ? null : sessions.find(id).orElse(null);
      if (session == null || !isTheirs(session, vouched.subject(), attempt.client())) {
        watch.noSession(attempt.client().id());
        return TokenRule.stop(OAuthError.INVALID_GRANT, NO_SESSION);
      }
      return sessions.isStillLive(session) ? new Next(attempt.with(session)) : new Stop(ended());
    }

    static TokenResponse.Refused ended() {
      return TokenResponse.Refused.of(
          OAuthError.INVALID_GRANT, "expected a live session; this one ended, log in again");
    }

    private static boolean isTheirs(Session session, String subject, Client client) {
      return session.subject().equals(subject) && !session.openedBy().equals(client.id());
    }
  }

  /// The session bears one more token. The last rule: it counts.
  record SessionBearsAnother(Sessions sessions) implements TokenRule {
    @Override
    public Step apply(Attempt attempt) {
      var session = attempt.session();
      return session == null || sessions.takeToken(session)
          ? new Next(attempt)
          : TokenRule.stop(
              OAuthError.INVALID_GRANT,
              "expected a session that bears another token; it bore all it may, log in again");
    }
  }
}
