package dev.ingam.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The JSON messages of `/ledger/lookup`, `/ledger/redeem` and `/ledger/report`;
/// `docs/spec/ledger-protocol.md` states them. At most 512 items and 4 MiB a message. One wrong
/// item makes the whole message unreadable.
public final class LedgerMessages {
  public static final int MAX_ITEMS = 512;
  public static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final String ACCEPTED = "accepted";
  private static final String REFUSED = "refused";
  private static final int ITEM_MEMBERS = 4;

  /// What came of reading a request.
  public sealed interface RequestReading {}

  /// What came of reading answers.
  public sealed interface AnswersReading {}

  public record Request(List<LedgerItem> items) implements RequestReading {
    public Request {
      items = List.copyOf(items);
    }
  }

  public record Answers(List<LedgerAnswer> answers) implements AnswersReading {
    public Answers {
      answers = List.copyOf(answers);
    }
  }

  /// Not of the protocol; `detail` says what was expected and holds nothing of the message.
  public record Unreadable(String detail) implements RequestReading, AnswersReading {}

  public byte[] writeRequest(List<LedgerItem> items) {
    requireCount(items.size());
    var json = new JsonWriter(items.size() * 768 + 64).beginObject().name("items").beginArray();
    for (var item : items) {
      json.beginObject()
          .member("id", item.requestId())
          .member("jti", item.jti())
          .member("single_use", item.singleUse())
          .member("token", item.token());
      var observed = item.observed();
      if (observed != null) {
        json.member("observed", observed.code());
      }
      json.endObject();
    }
    return json.endArray().endObject().toBytes();
  }

  public byte[] writeAnswers(List<LedgerAnswer> answers) {
    requireCount(answers.size());
    var json = new JsonWriter(answers.size() * 80 + 64).beginObject().name("answers").beginArray();
    for (var answer : answers) {
      var reason = answer.reason();
      json.beginObject()
          .member("id", answer.requestId())
          .member("verdict", reason == null ? ACCEPTED : REFUSED);
      if (reason != null) {
        json.member("reason", reason.code());
      }
      json.endObject();
    }
    return json.endArray().endObject().toBytes();
  }

  public RequestReading readRequest(byte[] utf8) {
    var list = list(utf8, "items");
    if (list == null) {
      return new Unreadable("expected {\"items\":[...]} of at most 512 items and 4 MiB");
    }
    var items = new ArrayList<LedgerItem>(list.size());
    var ids = new HashSet<String>();
    for (var json : list) {
      var item = item(json);
      if (item == null) {
        return new Unreadable(
            "expected items of id (16 bytes in base64url), jti, single_use, token and, when it was"
                + " accepted all the same, observed");
      }
      if (!ids.add(item.requestId())) {
        return new Unreadable("expected each id once");
      }
      items.add(item);
    }
    return new Request(items);
  }

  public AnswersReading readAnswers(byte[] utf8) {
    var list = list(utf8, "answers");
    if (list == null) {
      return new Unreadable("expected {\"answers\":[...]} of at most 512 answers and 4 MiB");
    }
    var answers = new ArrayList<LedgerAnswer>(list.size());
    var ids = new HashSet<String>();
    for (var json : list) {
      var answer = answer(json);
      if (answer == null) {
        return new Unreadable("expected answers of id, verdict and, when refused, a known reason");
      }
      if (!ids.add(answer.requestId())) {
        return new Unreadable("expected each id once");
      }
      answers.add(answer);
    }
    return new Answers(answers);
  }

  private static @Nullable List<JsonObject> list(byte[] utf8, String name) {
    var json = JsonObject.read(utf8, MAX_BYTES);
    if (json == null || json.names().size() != 1) {
      return null;
    }
    var list = json.objects(name);
    return list == null || list.size() > MAX_ITEMS ? null : list;
  }

  private static @Nullable LedgerItem item(JsonObject json) {
    var id = json.string("id");
    var jti = json.string("jti");
    var singleUse = json.bool("single_use");
    var token = json.string("token");
    if (id == null || jti == null || singleUse == null || token == null) {
      return null;
    }
    var code = json.string("observed");
    var observed = code == null ? null : Reason.ofCode(code);
    var whole =
        json.names().size() == (observed == null ? ITEM_MEMBERS : ITEM_MEMBERS + 1)
            && LedgerItem.isRequestId(id)
            && LedgerItem.isJti(jti)
            && LedgerItem.isToken(token)
            && LedgerItem.isObserved(observed);
    return whole ? new LedgerItem(id, jti, singleUse, token, observed) : null;
  }

  private static @Nullable LedgerAnswer answer(JsonObject json) {
    var id = json.string("id");
    var verdict = json.string("verdict");
    if (id == null || verdict == null || !LedgerItem.isRequestId(id)) {
      return null;
    }
    if (verdict.equals(ACCEPTED)) {
      return json.names().size() == 2 ? new LedgerAnswer(id, null) : null;
    }
    var code = json.string("reason");
    var reason = code == null ? null : Reason.ofCode(code);
    var whole = verdict.equals(REFUSED) && reason != null && json.names().size() == 3;
    return whole ? new LedgerAnswer(id, reason) : null;
  }

  private static void requireCount(int count) {
    if (count > MAX_ITEMS) {
      throw new IllegalArgumentException("expected at most 512 items, came " + count);
    }
  }
}
