package dev.ingam.server.ledger;

import dev.ingam.issuance.Caller;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerMessages;
import java.util.List;
import java.util.function.BiFunction;

/// `POST /ledger/lookup`, `/ledger/redeem` and `/ledger/report`: the message around a question.
/// What is answered is the question's.
public final class LedgerDoor implements BiFunction<Caller, Call, Reply> {
  private final LedgerMessages messages = new LedgerMessages();
  private final Question question;

  /// One of the ledger's three questions.
  @FunctionalInterface
  public interface Question {
    List<LedgerAnswer> ask(Caller caller, List<LedgerItem> items);
  }

  public LedgerDoor(Question question) {
    this.question = question;
  }

  @Override
  public Reply apply(Caller caller, Call call) {
    return switch (messages.readRequest(call.body())) {
      case LedgerMessages.Unreadable(String detail) -> Reply.error(400, "invalid_request", detail);
      case LedgerMessages.Request(List<LedgerItem> items) ->
          Reply.json(200, messages.writeAnswers(question.ask(caller, items)));
    };
  }
}
