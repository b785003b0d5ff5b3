package dev.ingam.issuance;

import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.judge.Judge;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.issuance.watermark.Mark;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.wire.AccessToken;
import dev.ingam.wire.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What an operator takes back: everything issued before a moment, and sessions. What it names must
/// exist, a moment must be past; then it is in force before the call answers.
public final class Revocations {
  private static final Duration SKEW = Duration.ofSeconds(60);

  /// What came of an order.
  public sealed interface Outcome {}

  /// In force.
  ///
  /// @param sessionsEnded of a subject, one by one; the others end by the mark
  public record Revoked(Mark mark, int sessionsEnded) implements Outcome {}

  /// Nothing was revoked; what was expected.
  public record Refused(Why why, String expected) implements Outcome {}

  /// Why nothing was revoked.
  public enum Why {
    /// The order is none.
    INVALID,
    /// There is no such key or client.
    NOT_FOUND,
    /// Too many watermarks are in force.
    FULL
  }

  private final Watermarks watermarks;
  private final Sessions sessions;
  private final Clients clients;
  private final Judge.Keys keys;
  private final Clock clock;

  Revocations(
      Watermarks watermarks, Sessions sessions, Clients clients, Judge.Keys keys, Clock clock) {
    this.watermarks = watermarks;
    this.sessions = sessions;
    this.clients = clients;
    this.keys = keys;
    this.clock = clock;
  }

  /// What keeps this order from being done; null when nothing does.
  public @Nullable Refused problem(Watermarks.Order order) {
    if (!Mark.isReason(order.reason())) {
      return invalid("a reason of 1 to 200 characters; it goes into the event");
    }
    var before = order.before();
    if (before != null && (before.isAfter(clock.instant()) || before.getEpochSecond() < 0)) {
      return invalid("a time that is past, or \"now\", which needs no clock");
    }
    return switch (order.target()) {
      case ALL -> order.value().isEmpty() ? null : invalid("no value for all");
      case KEY -> keys.find(order.value()) == null ? notFound("the id of a key of ours") : null;
      case CLIENT -> clients.find(order.value()).isEmpty() ? notFound("the id of a client") : null;
      case SUBJECT ->
          AccessToken.isSubject(order.value()) ? null : invalid("a subject of 1 to 48 bytes");
    };
  }

  private static Refused invalid(String expected) {
    return new Refused(Why.INVALID, expected);
  }

  private static Refused notFound(String expected) {
    return new Refused(Why.NOT_FOUND, expected);
  }

  /// Revokes what was issued before. A subject's sessions end first, so that no token leaves for
  /// one of them after the line; nothing ends where there is no room for the watermark.
  ///
  /// @throws dev.ingam.issuance.ledger.IssuanceException or one of Spring's data access: then no
  ///   token is revoked; sessions of a subject may have ended
  public Outcome revoke(Watermarks.Order order) {
    var problem = problem(order);
    if (problem != null) {
      return problem;
    }
    var ended = new AtomicInteger();
    Runnable sessionsFirst =
        order.target() == Watermark.Target.SUBJECT
            ? () -> ended.set(sessions.endAll(ending(order)))
            : () -> {};
    return watermarks
        .make(order, sessionsFirst)
        .<Outcome>map(mark -> new Revoked(mark, ended.get()))
        .orElseGet(() ->
            new Refused(
                Why.FULL,
                "fewer than "
                    + Watermarks.MOST
                    + " watermarks in force; wait until some have run out, or revoke all"));
  }

  private static Sessions.Ending ending(Watermarks.Order order) {
    var before = order.before();
    return new Sessions.Ending(
        order.value(), before == null ? null : before.plus(SKEW), order.actor(), order.reason());
  }

  /// Ends all sessions of a subject; its tokens live out their minutes.
  ///
  /// @return how many ended
  public int endSessions(String subject, String actor, String reason) {
    return sessions.endAll(new Sessions.Ending(subject, null, actor, reason));
  }

  /// What an order will do, in sentences for whoever gives it.
  public List<String> effects(Watermarks.Order order) {
    var effects = new ArrayList<String>();
    var moment = moment(order.before());
    effects.add(
        "Refused from now on, as revoked: " + whose(order) + " issued before " + moment + ".");
    switch (order.target()) {
      case ALL -> effects.add("All sessions opened before end: everybody must log in again.");
      case CLIENT ->
          effects.add(
              "Sessions that this client opened before end: those people must log in again. The client itself may ask for new tokens; to stop it: ingam clients disable");
      case SUBJECT -> effects.add("Their sessions opened before end: they must log in again.");
      case KEY ->
          effects.add("Sessions live on, and the key signs on; to stop it: ingam keys taint");
    }
    effects.add(
        "Verifiers that poll know it within about a second; those that stand without the ledger never do.");
    effects.add("It cannot be taken back.");
    return effects;
  }

  private static String moment(@Nullable Instant before) {
    return before == null
        ? "this moment, told by the ledger and not by a clock"
        : before + ", and up to " + SKEW.toSeconds() + " s after it, for clocks may differ";
  }

  private static String whose(Watermarks.Order order) {
    return switch (order.target()) {
      case ALL -> "every token, of callers and verifiers too,";
      case KEY -> "every token that key " + order.value() + " signed and that was";
      case CLIENT -> "every token of client " + order.value();
      case SUBJECT -> "every token of this subject";
    };
  }
}
