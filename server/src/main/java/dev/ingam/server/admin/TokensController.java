package dev.ingam.server.admin;

import dev.ingam.server.door.Reply;
import dev.ingam.verifier.Expectation;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Verdict;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Whether a token is good, for a person who asks. Nothing is redeemed.
@RestController
@RequestMapping(path = "/admin/tokens", produces = Reply.JSON)
@Tag(name = "tokens")
final class TokensController {
  private final Verifier verifier;
  private final String issuer;

  /// @param verifier whose ledger only looks up
  TokensController(Verifier verifier, String issuer) {
    this.verifier = verifier;
    this.issuer = issuer;
  }

  @Schema(name = "TokenQuestion")
  record Question(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String token,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String audience) {}

  /// @param reason why it is refused
  /// @param token what it says, when it is accepted
  @Schema(name = "Verdict")
  record Answer(
      String verdict, @Nullable String reason, @Nullable String detail, @Nullable Claims token) {}

  record Claims(
      String iss,
      String sub,
      String aud,
      String clientId,
      String scope,
      long iat,
      long exp,
      String jti,
      @Nullable String sid) {
    static Claims of(AccessToken.Claims claims) {
      return new Claims(
          claims.issuer(),
          claims.subject(),
          claims.audience(),
          claims.clientId(),
          String.join(" ", claims.scope()),
          claims.issuedAt(),
          claims.expiresAt(),
          claims.serial().toString(),
          claims.session());
    }
  }

  @PostMapping("/verify")
  @Operation(
      summary =
          "The verdict on a token; a forged one is judged as everywhere, and has its consequences")
  Answer verify(@RequestBody Question body) {
    var token = body.token();
    var audience = body.audience();
    if (token == null || audience == null || audience.isBlank()) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected \"token\" and \"audience\"; one is missing. A token is good for one audience.");
    }
    var expectation = new Expectation(issuer, audience, false, true);
    return switch (verifier.verify(token, expectation)) {
      case Verdict.Accepted accepted ->
          new Answer("accepted", null, null, Claims.of(accepted.token().claims()));
      case Verdict.Refused(Reason reason, String detail) ->
          new Answer("refused", reason.code(), detail, null);
    };
  }
}
