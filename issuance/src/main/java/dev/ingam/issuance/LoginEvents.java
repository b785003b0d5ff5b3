package dev.ingam.issuance;

import dev.ingam.issuance.session.LoginEvent;
import dev.ingam.issuance.session.SessionId;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.wire.JsonObject;
import dev.ingam.wire.JsonWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The door of the log-in system: log-in and log-out events. Answers after commit. Safe to call
/// concurrently.
public final class LoginEvents {
  /// Longest body that is read.
  public static final int MAX_BODY = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(LoginEvents.class);
  private static final Set<String> LOGIN = Set.of("subject", "time", "method", "source");
  private static final Set<String> LOGOUT = Set.of("session");

  /// An answer.
  ///
  /// @param status 201, 204, 400, 404 or 503
  /// @param json the body; null with 204
  public record Answer(int status, byte @Nullable [] json) {
    @Override
    public String toString() {
      return "Answer[" + status + ", redacted]";
    }
  }

  private final Sessions sessions;
  private final LongAdder opened = new LongAdder();

  LoginEvents(Sessions sessions) {
    this.sessions = sessions;
  }

  /// A log-in: `{"subject","time","method","source"}`.
  public Answer login(Caller caller, byte[] body) {
    var json = JsonObject.read(body, MAX_BODY);
    if (json == null || !LOGIN.equals(json.names())) {
      return invalid("expected a JSON object with subject, time, method and source, no more");
    }
    var event = event(json);
    if (event == null) {
      return invalid("expected strings, time like 2026-11-23T09:30:00Z");
    }
    try {
      return switch (sessions.open(event, caller.clientId())) {
        case Sessions.Refused(var problems) -> invalid(String.join("; ", problems));
        case Sessions.Opened(SessionId id, Instant until) -> opened(id, until);
      };
    } catch (DataAccessException | TransactionException e) {
      return unavailable(e);
    }
  }

  private Answer opened(SessionId id, Instant until) {
    opened.increment();
    return new Answer(
        201,
        new JsonWriter()
            .beginObject()
            .member("session", id.reveal())
            .member("expires_at", until.toString())
            .endObject()
            .toBytes());
  }

  private static @Nullable LoginEvent event(JsonObject json) {
    var subject = json.string("subject");
    var time = json.string("time");
    var method = json.string("method");
    var source = json.string("source");
    if (subject == null || time == null || method == null || source == null) {
      return null;
    }
    try {
      return new LoginEvent(subject, OffsetDateTime.parse(time).toInstant(), method, source);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /// A log-out: `{"session"}`. 204 also when it had ended before.
  public Answer logout(Caller caller, byte[] body) {
    var json = JsonObject.read(body, MAX_BODY);
    var text = json == null || !LOGOUT.equals(json.names()) ? null : json.string("session");
    if (text == null) {
      return invalid("expected a JSON object with session, no more");
    }
    var id = SessionId.parse(text);
    try {
      return id != null && sessions.end(id, caller.clientId())
          ? new Answer(204, null)
          : new Answer(
              404,
              TokenResponse.errorBody("unknown_session", "expected a session that was opened"));
    } catch (DataAccessException | TransactionException e) {
      return unavailable(e);
    }
  }

  private static Answer invalid(String description) {
    return new Answer(400, TokenResponse.errorBody("invalid_request", description));
  }

  private static Answer unavailable(RuntimeException cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getClass().getSimpleName())
        .log("A log-in event could not be recorded");
    return new Answer(
        503,
        TokenResponse.errorBody(
            "temporarily_unavailable", "expected to record the event, nothing was; try again"));
  }

  /// Sessions opened since the start.
  public long opened() {
    return opened.sum();
  }
}
