package dev.ingam.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.verifier.FakeServer.Reply;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerMessages;
import dev.ingam.wire.Reason;
import dev.ingam.wire.Serial;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Reports of observed tokens on their way to a real HTTP server.
class ObservedReportsTest {
  private static final BearerSource BEARER =
      new BearerSource() {
        @Override
        public @Nullable String current() {
          return "t";
        }

        @Override
        public void refused(String token) {}
      };

  private final LedgerMessages messages = new LedgerMessages();
  private final List<LedgerItem> received = new CopyOnWriteArrayList<>();
  private final TestIssuer issuer = new TestIssuer();
  private volatile boolean away;
  private final FakeServer server =
      new FakeServer((request, exchange) -> {
        if (away) {
          return Reply.of(503, new byte[0]);
        }
        assertThat(request.path()).isEqualTo("/ledger/report");
        var items = ((LedgerMessages.Request) messages.readRequest(request.body())).items();
        received.addAll(items);
        var answers =
            items.stream()
                .map(item -> new LedgerAnswer(item.requestId(), Reason.NOT_ISSUED))
                .toList();
        return Reply.of(200, messages.writeAnswers(answers));
      });
  private final HttpLedgerClient ledger =
      new HttpLedgerClient(
          server.address(""), BEARER, HttpClient.newHttpClient(), new SecureRandom());

  @AfterEach
  void close() {
    ledger.close();
    server.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void observedToken_arrivesWholeWithItsReason() {
    var token = issuer.token(1_764_000_000, 1_764_000_300);
    ledger.observed(token, Reason.NOT_ISSUED);
    await("arrived", () -> !received.isEmpty());
    assertThat(received.get(0).token()).isEqualTo(token);
    assertThat(received.get(0).observed()).isEqualTo(Reason.NOT_ISSUED);
    assertThat(received.get(0).jti()).isEqualTo(new Serial(7, 1, 42).toString());
  }

  /// The ledger that is away is what is to be seen: nothing is lost, and nobody waits.
  @Test
  void serverAway_isToldWhenItIsBack() {
    away = true;
    for (var i = 0; i < 5; i++) {
      ledger.observed(issuer.token(1, 2), Reason.LEDGER_UNAVAILABLE);
    }
    await("tried twice", () -> server.requests.size() > 2);
    away = false;
    await("all arrived", () -> received.size() == 5);
    assertThat(ledger.droppedReports()).isZero();
  }

  @Test
  void tooMany_areDroppedAndCounted() {
    away = true;
    var token = issuer.token(1, 2);
    for (var i = 0; i < 3_000; i++) {
      ledger.observed(token, Reason.LEDGER_UNAVAILABLE);
    }
    var dropped = ledger.droppedReports();
    assertThat(dropped).isBetween(3_000L - 1_024 - 256, 3_000L - 1_024);
    away = false;
    await("the others arrived", () -> received.size() == 3_000 - dropped);
  }

  @Test
  void whatIsNoToken_isNotReported() {
    ledger.observed("junk", Reason.NOT_ISSUED);
    ledger.observed(issuer.token(1, 2), Reason.ALTERED);
    await("the token arrived", () -> !received.isEmpty());
    assertThat(received).hasSize(1);
  }
}
