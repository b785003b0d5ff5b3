package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.issuance.client.ClientRight;
import dev.ingam.keys.Keyring;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Reply;
import dev.ingam.server.token.IntrospectionDoor;
import dev.ingam.verifier.LedgerClient;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The introspection door with real clients, keys and tokens, over a ledger that answers what a
/// test tells it.
class IntrospectionDoubtTest {
  @TempDir static Path home;
  private static TestServer server;
  private static String secret;
  private static String api;

  private final FakeLedger ledger = new FakeLedger();
  private boolean personal;
  private boolean fresh = true;

  private static final class FakeLedger implements LedgerClient {
    private @Nullable Reason onLookup;
    private @Nullable Reason onRedeem;
    private final List<LedgerItem> redeemed = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();

    @Override
    public LedgerAnswer lookup(LedgerItem item) {
      return new LedgerAnswer(item.requestId(), onLookup);
    }

    @Override
    public LedgerAnswer redeem(LedgerItem item) {
      redeemed.add(item);
      return new LedgerAnswer(item.requestId(), onRedeem);
    }

    @Override
    public void report(String token) {
      reported.add(token);
    }

    @Override
    public void close() {}
  }

  @BeforeAll
  static void start() {
    server = TestServer.start(home);
    secret = server.client("job", ClientRight.CLIENT_CREDENTIALS, false, Set.of("read"));
    api = server.client("api", ClientRight.INTROSPECTION, false, Set.of("read"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Reply introspect(String client, String itsSecret, String more, String token) {
    var verifier =
        Verifier.builder(server.bean(Keyring.class)::find, ledger, Clock.systemUTC())
            .lookupFirst(2)
            .build();
    var door =
        new IntrospectionDoor(
            server.issuance().forms(),
            verifier,
            server.url(ListenerName.PUBLIC),
            new IntrospectionDoor.PersonalData(audience -> personal, () -> fresh));
    var body =
        "client_id="
            + client
            + "&client_secret="
            + itsSecret
            + more
            + "&token="
            + URLEncoder.encode(token, StandardCharsets.UTF_8);
    return door.answer(
        new Call(
            ListenerName.PUBLIC,
            "POST",
            "/oauth2/introspect",
            HttpFields.build().add("Content-Type", "application/x-www-form-urlencoded"),
            body.getBytes(StandardCharsets.UTF_8)));
  }

  private Reply introspect(String more) {
    return introspect("api", api, more, server.clientToken("job", secret));
  }

  private static String text(Reply reply) {
    return reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static void assertUnavailable(Reply reply) {
    assertThat(text(reply)).startsWith("503 {\"error\":\"temporarily_unavailable\"");
    assertThat(reply.headers()).anyMatch(field -> field.is("Retry-After"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"LEDGER_DOUBT", "LEDGER_UNAVAILABLE"})
  void doubt_isNoAnswer(Reason doubt) {
    ledger.onLookup = doubt;
    assertUnavailable(introspect(""));
    assertUnavailable(introspect("&redeem=true"));
    ledger.onLookup = null;
    ledger.onRedeem = doubt;
    assertUnavailable(introspect("&redeem=true"));
    assertThat(text(introspect(""))).startsWith("200 {\"active\":true");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"NOT_ISSUED", "ALTERED", "REVOKED", "ALREADY_REDEEMED", "EXPIRED"})
  void refusal_tellsNoReason(Reason reason) {
    ledger.onLookup = reason;
    assertThat(text(introspect(""))).isEqualTo("200 {\"active\":false}");
    ledger.onLookup = null;
    ledger.onRedeem = reason;
    assertThat(text(introspect("&redeem=true"))).isEqualTo("200 {\"active\":false}");
  }

  @Test
  void redeem_isAskedForByName() {
    introspect("");
    introspect("&redeem=false");
    assertThat(ledger.redeemed).isEmpty();
    introspect("&redeem=true");
    assertThat(ledger.redeemed).singleElement().matches(item -> !item.singleUse());
  }

  @Test
  void staleKeys_areDoubtForPersonalDataAlone() {
    fresh = false;
    personal = true;
    assertUnavailable(introspect(""));
    personal = false;
    assertThat(text(introspect(""))).startsWith("200 {\"active\":true");
    fresh = true;
    personal = true;
    assertThat(text(introspect(""))).startsWith("200 {\"active\":true");
  }

  @Test
  void tokenOfAnotherAudience_isNotToldAndGoesToTheJudge() {
    var nobody = server.client("nobody", ClientRight.INTROSPECTION, false, Set.of());
    var token = server.clientToken("job", secret);

    assertThat(text(introspect("nobody", nobody, "", token))).isEqualTo("200 {\"active\":false}");
    assertThat(text(introspect("nobody", nobody, "&redeem=true", token)))
        .isEqualTo("200 {\"active\":false}");

    assertThat(ledger.reported).containsExactly(token, token);
    assertThat(ledger.redeemed).isEmpty();
  }
}
