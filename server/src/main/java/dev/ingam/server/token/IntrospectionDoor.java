package dev.ingam.server.token;

import dev.ingam.issuance.ClientForms;
import dev.ingam.issuance.TokenResponse;
import dev.ingam.issuance.VerdictCounts;
import dev.ingam.issuance.client.Client;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.Reply;
import dev.ingam.verifier.Examination;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.CompactJws;
import dev.ingam.wire.JsonWriter;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// `POST /oauth2/introspect` ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)): whether a token
/// is good, for a client with the right to ask, about tokens for its own audiences. Both proofs, as
/// everywhere: the verifier has the order, with a look into the ledger before the signature, and
/// redeems last if the caller says `redeem=true`. Of anything else but a good token the caller
/// learns that it is not active, and nothing more; doubt is 503.
public final class IntrospectionDoor implements Door {
  private static final Reply INACTIVE =
      Reply.json(200, new JsonWriter().beginObject().member("active", false).endObject().toBytes());

  private final ClientForms forms;
  private final Verifier verifier;
  private final String issuer;
  private final PersonalData personal;
  private final VerdictCounts verdicts = new VerdictCounts();

  /// What is done about audiences of personal data while the state of the keys is not fresh.
  ///
  /// @param isServedFor whether personal data is served for tokens of an audience
  /// @param isFresh whether the state of the keys is fresh enough for that
  public record PersonalData(Predicate<String> isServedFor, Freshness isFresh) {}

  /// Whether the state of the keys is fresh enough for personal data.
  @FunctionalInterface
  public interface Freshness {
    boolean isFresh();
  }

  public IntrospectionDoor(
      ClientForms forms, Verifier verifier, String issuer, PersonalData personal) {
    this.forms = forms;
    this.verifier = verifier;
    this.issuer = issuer;
    this.personal = personal;
  }

  @Override
  public Reply answer(Call call) {
    return switch (forms.read(TokenReplies.request(call), ClientRight.INTROSPECTION)) {
      case ClientForms.Refused(TokenResponse.Refused refused) -> TokenReplies.of(refused);
      case ClientForms.Known known -> introspect(known);
    };
  }

  private Reply introspect(ClientForms.Known known) {
    var redeem = known.get("redeem");
    if (redeem != null && !redeem.equals("true") && !redeem.equals("false")) {
      return Reply.error(400, "invalid_request", "expected redeem=true or redeem=false");
    }
    var audience = audience(known.client(), known.token());
    if (!personal.isFresh().isFresh() && personal.isServedFor().test(audience)) {
      return TokenReplies.unavailable("expected a fresh state of the keys; try again");
    }
    var expectation = new Expectation(issuer, audience, false, true);
    return switch (verifier.examine(known.token(), expectation)) {
      case Examination.Failed(Verdict.Refused refused) -> inactive(refused);
      case Examination.NonceWanted wanted -> INACTIVE; // only who is asked for a proof gets there
      case Examination.Passed passed ->
          "true".equals(redeem)
              ? redeem(known.client(), passed)
              : active(known.client(), passed.token());
    };
  }

  private Reply redeem(Client client, Examination.Passed passed) {
    if (!client.audiences().contains(passed.token().claims().audience())) {
      return INACTIVE;
    }
    return switch (verifier.redeem(passed.whoeverSentIt())) {
      case Verdict.Accepted accepted -> active(client, accepted.token());
      case Verdict.Refused refused -> inactive(refused);
    };
  }

  /// The client's audience that the token names; without such a one, one that it does not have:
  /// then the token is refused and judged.
  private String audience(Client client, String token) {
    var audiences = client.audiences();
    if (audiences.size() == 1) {
      return audiences.iterator().next();
    }
    var named = audiences.isEmpty() ? null : named(token);
    return named != null && audiences.contains(named) ? named : issuer;
  }

  private static @Nullable String named(String token) {
    var jws = CompactJws.read(token);
    var claims = jws == null ? null : jws.claims();
    return claims == null ? null : claims.string("aud");
  }

  /// What was said of the tokens that were presented here.
  public VerdictCounts verdicts() {
    return verdicts;
  }

  private Reply active(Client client, AccessToken token) {
    verdicts.count(null);
    return of(client, token);
  }

  private Reply inactive(Verdict.Refused refused) {
    var reason = refused.reason();
    verdicts.count(reason);
    return reason == Reason.LEDGER_DOUBT || reason == Reason.LEDGER_UNAVAILABLE
        ? TokenReplies.unavailable("expected the ledger to tell, it cannot now; try again")
        : INACTIVE;
  }

  private static Reply of(Client client, AccessToken token) {
    var claims = token.claims();
    if (!client.audiences().contains(claims.audience())) {
      return INACTIVE;
    }
    var json =
        new JsonWriter()
            .beginObject()
            .member("active", true)
            .member("iss", claims.issuer())
            .member("sub", claims.subject())
            .member("aud", claims.audience())
            .member("client_id", claims.clientId())
            .member("scope", String.join(" ", claims.scope()))
            .member("exp", claims.expiresAt())
            .member("iat", claims.issuedAt())
            .member("jti", claims.serial().toString())
            .member("token_type", claims.tokenType());
    var session = claims.session();
    if (session != null) {
      json.member("sid", session);
    }
    if (claims.confirmation() != null) {
      claims.confirmation().writeTo(json);
    }
    return Reply.json(200, json.endObject().toBytes());
  }
}
