package dev.ingam.verifier;

import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerMessages;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One of the server's ledger doors: a batch in, its answers out.
final class LedgerDoor {
  private static final Logger log = LoggerFactory.getLogger(LedgerDoor.class);

  private final URI address;
  private final BearerSource bearer;
  private final Http http;
  private final LedgerMessages messages = new LedgerMessages();

  LedgerDoor(URI address, BearerSource bearer, Http http) {
    this.address = address;
    this.bearer = bearer;
    this.http = http;
  }

  /// The answers by request id. Tries twice with the same ids, which the ledger answers the same
  /// way; what has no answer then has none.
  Map<String, LedgerAnswer> ask(List<LedgerItem> batch) {
    var body = messages.writeRequest(batch);
    var answers = tryOnce(batch, body);
    if (answers == null && !Thread.currentThread().isInterrupted()) {
      answers = tryOnce(batch, body);
    }
    return answers == null ? Map.of() : answers;
  }

  /// Null when a second try may fare better.
  private @Nullable Map<String, LedgerAnswer> tryOnce(List<LedgerItem> batch, byte[] body) {
    var token = bearer.current();
    if (token == null && bearer.isRequired()) {
      return failed("expected a caller token, had none", batch.size());
    }
    var answer = http.send(request(token, body));
    if (answer == null) {
      return failed("expected an answer in time", batch.size());
    }
    if (answer.statusCode() == 401 && token != null) {
      bearer.refused(token);
    }
    if (answer.statusCode() != 200) {
      return failed("expected status 200, came " + answer.statusCode(), batch.size());
    }
    var reading = messages.readAnswers(answer.body());
    return reading instanceof LedgerMessages.Answers read
        ? matched(batch, read.answers())
        : failed(((LedgerMessages.Unreadable) reading).detail(), batch.size());
  }

  private HttpRequest request(@Nullable String token, byte[] body) {
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  /// An answer to what was not asked means that the whole message is not for us.
  private @Nullable Map<String, LedgerAnswer> matched(
      List<LedgerItem> batch, List<LedgerAnswer> answers) {
    var asked = batch.stream().map(LedgerItem::requestId).collect(Collectors.toSet());
    for (var answer : answers) {
      if (!asked.contains(answer.requestId())) {
        return failed("expected answers to what was asked, came another", batch.size());
      }
    }
    return answers.stream().collect(Collectors.toMap(LedgerAnswer::requestId, Function.identity()));
  }

  private @Nullable Map<String, LedgerAnswer> failed(String detail, int items) {
    log.atWarn()
        .addKeyValue("address", address)
        .addKeyValue("items", items)
        .addKeyValue("detail", detail)
        .log("Ledger not reached");
    return null;
  }
}
