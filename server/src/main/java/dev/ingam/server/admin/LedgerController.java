package dev.ingam.server.admin;

import dev.ingam.issuance.ledger.EntryView;
import dev.ingam.issuance.ledger.EntryView.State;
import dev.ingam.issuance.ledger.Holder;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.Base64Url;
import dev.ingam.wire.Serial;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the issuance ledger holds.
@RestController
@RequestMapping(path = "/admin/ledger", produces = Reply.JSON)
@Tag(name = "ledger")
final class LedgerController {
  private final Ledger ledger;

  LedgerController(Ledger ledger) {
    this.ledger = ledger;
  }

  /// @param intact whether the slot's tag holds; false means that somebody else wrote there
  @Schema(name = "LedgerEntry")
  record Slot(
      String serial,
      long book,
      long slot,
      String state,
      boolean intact,
      @Nullable String kid,
      @Nullable Instant expiresAt,
      @Nullable Boolean singleUse,
      @Nullable String subject,
      @Nullable String client,
      @Nullable String sid,
      @Nullable Instant issuedAt) {}

  @GetMapping("/{serial}")
  @Refuses(AdminError.NOT_FOUND)
  @Operation(summary = "What is held under a serial (the jti of a token)")
  Slot show(@PathVariable("serial") String text) {
    var serial = Serial.parse(text);
    if (serial == null) {
      throw AdminError.INVALID_REQUEST.because(
          "Expected a serial, 22 characters of base64url; came something else.");
    }
    return ledger
        .show(serial)
        .map(view -> slot(serial, view))
        .orElseThrow(() ->
            AdminError.NOT_FOUND.because(
                "Nothing is held under this serial: it is not one of ours, or its book is not at hand."));
  }

  private static Slot slot(Serial serial, EntryView view) {
    var row = view.row();
    var holder = row.map(each -> each.holder());
    var entry =
        view.state() == State.ENTERED
            || view.state() == State.REDEEMED
            || view.state() == State.REVOKED;
    return new Slot(
        serial.toString(),
        Integer.toUnsignedLong(view.book()),
        Integer.toUnsignedLong(view.slot()),
        view.state().name().toLowerCase(Locale.ROOT),
        view.intact(),
        view.kid(),
        view.expiresAt(),
        entry ? view.singleUse() : null,
        holder.map(each -> each.subject()).orElse(null),
        holder.map(each -> each.client()).orElse(null),
        holder.flatMap(LedgerController::sid).orElse(null),
        row.map(each -> each.issuedAt()).orElse(null));
  }

  private static Optional<String> sid(Holder holder) {
    var session = holder.session();
    return session == null ? Optional.empty() : Optional.of(Base64Url.encode(session));
  }
}
