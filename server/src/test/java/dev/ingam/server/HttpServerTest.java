package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.ingam.server.door.Admission;
import dev.ingam.server.door.Apart;
import dev.ingam.server.door.Body;
import dev.ingam.server.door.BodyBudget;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.Counted;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.DoorHandler;
import dev.ingam.server.door.DoorRow;
import dev.ingam.server.door.DoorTable;
import dev.ingam.server.door.InFlight;
import dev.ingam.server.door.Limits;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Listeners;
import dev.ingam.server.door.Refusals;
import dev.ingam.server.door.Reply;
import dev.ingam.server.door.RequestTracing;
import dev.ingam.server.door.Sources;
import dev.ingam.server.start.Settings;
import dev.ingam.server.start.SettingsReader;
import dev.ingam.server.tls.Tls;
import dev.ingam.testkit.Until;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// The three listeners and the limits of their doors, over real sockets.
class HttpServerTest {
  private static final Set<ListenerName> BOTH = Set.of(ListenerName.PUBLIC, ListenerName.INTERNAL);
  private static final Set<ListenerName> INTERNAL = Set.of(ListenerName.INTERNAL);
  private static final int CONNECTIONS = 8;
  private static final byte[] NO = {'0'};
  private static final int LARGE = 4 << 20;
  private static final int REFUSALS = 3;
  private static final Duration BODY_PATIENCE = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private final CountDownLatch slow = new CountDownLatch(1);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final InFlight inFlight = new InFlight();
  private final BodyBudget bodies = new BodyBudget(LARGE, Duration.ofMillis(50));
  private Listeners listeners;
  private HttpServer server;

  @BeforeEach
  void start() {
    var settings = settings();
    listeners = Listeners.bind(settings);
    var tls = Tls.open(settings, Clock.systemUTC());
    var table =
        new DoorTable(
            List.of(
                DoorRow.post(BOTH, "/form", Body.FORM, call -> Reply.json(200, call.body())),
                new DoorRow(BOTH, "/below/", Set.of(), Body.IGNORED, false, HttpServerTest::target),
                DoorRow.get(INTERNAL, "/inside", call -> Reply.json(200, new byte[] {'1'})),
                DoorRow.post(INTERNAL, "/thread", Body.FORM, call -> thread()),
                DoorRow.post(INTERNAL, "/waits", Body.FORM, call -> thread()).waiting(),
                DoorRow.get(INTERNAL, "/slow", call -> waitFor()).waiting(),
                DoorRow.post(INTERNAL, "/closed", Body.LARGE_JSON, new Closed()),
                DoorRow.post(INTERNAL, "/large", Body.LARGE_JSON, call -> Reply.json(200, NO)),
                DoorRow.get(
                    INTERNAL,
                    "/broken",
                    call -> {
                      throw new IllegalStateException("on purpose");
                    })));
    var sources = Sources.behind(List.of());
    var refusals = new Refusals(REFUSALS, 4711, nanos::get);
    var limits = new Limits(sources, refusals, bodies, BODY_PATIENCE);
    var doors = new DoorHandler(table, tls, inFlight, limits, RequestTracing.NONE);
    var handlers = new Handler.Sequence(doors, new Apart(new Counted(new Admin(), inFlight)));
    var connections = new HttpServer.Connections(CONNECTIONS, CONNECTIONS, sources);
    server = new HttpServer(listeners, tls, handlers, inFlight, connections);
    server.start();
  }

  @AfterEach
  void stop() {
    slow.countDown();
    server.stop();
    client.close();
  }

  private static Reply target(Call call) {
    return Reply.json(200, (call.method() + call.target()).getBytes(StandardCharsets.UTF_8));
  }

  private static Reply thread() {
    var kind = Thread.currentThread().isVirtual() ? "virtual" : "platform";
    return Reply.json(200, kind.getBytes(StandardCharsets.UTF_8));
  }

  private Reply waitFor() {
    entered.countDown();
    try {
      slow.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Reply.json(200, "\"late\"".getBytes(StandardCharsets.UTF_8));
  }

  /// Lets nobody in.
  private static final class Closed implements Door {
    @Override
    public Reply answer(Call call) {
      throw new IllegalStateException("asked although closed");
    }

    @Override
    public Admission admit(Call head) {
      return new Admission.Out(Reply.error(401, "invalid_token", "closed"));
    }
  }

  /// Answers every path, as Spring might map anything.
  private final class Admin extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (request.getHttpURI().getPath().equals("/slow")) {
        waitFor();
      }
      response.setStatus(299);
      callback.succeeded();
      return true;
    }
  }

  private static Settings settings() {
    var environment = new StandardEnvironment();
    Map<String, Object> ports =
        Map.of("ingam.public.port", "0", "ingam.internal.port", "0", "ingam.admin.port", "0");
    environment.getPropertySources().addFirst(new MapPropertySource("test", ports));
    return SettingsReader.read(environment);
  }

  private HttpRequest.Builder request(ListenerName listener, String path) {
    return HttpRequest.newBuilder(URI.create(listeners.url(listener) + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> form(byte[] body) throws IOException, InterruptedException {
    return send(
        request(ListenerName.PUBLIC, "/form")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private String raw(String text) throws IOException {
    try (var socket = new Socket("127.0.0.1", listeners.port(ListenerName.PUBLIC))) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(readAll(socket.getInputStream()), StandardCharsets.ISO_8859_1);
    }
  }

  private static byte[] readAll(InputStream in) throws IOException {
    return in.readAllBytes();
  }

  @Test
  void path_isServedOnlyWhereTheTableSays() throws Exception {
    assertThat(send(request(ListenerName.INTERNAL, "/inside")).statusCode()).isEqualTo(200);
    var refused = send(request(ListenerName.PUBLIC, "/inside"));
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("\"error\":\"not_found\"");
  }

  @ParameterizedTest
  @EnumSource(names = {"PUBLIC", "INTERNAL"})
  void path_thatOnlySpringMaps_isNotFoundOutsideAdmin(ListenerName listener) throws Exception {
    for (var path :
        List.of("/admin/status", "/v3/api-docs", "/", "/form/", "//form", "/form;a=b")) {
      assertThat(send(request(listener, path)).statusCode()).as(path).isIn(404, 400);
    }
  }

  @Test
  void admin_getsEveryRequestOfItsListener_andNoHotDoor() throws Exception {
    for (var path : List.of("/admin/status", "/form", "/inside")) {
      assertThat(send(request(ListenerName.ADMIN, path)).statusCode()).isEqualTo(299);
    }
  }

  @Test
  void method_notOfTheDoor_isRefusedWithAllow() throws Exception {
    var refused = send(request(ListenerName.PUBLIC, "/form").GET());
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void answer_carriesTheUsualHeaders() throws Exception {
    var headers = form("a=b".getBytes(StandardCharsets.US_ASCII)).headers();
    assertThat(headers.firstValue("Cache-Control")).contains("no-store");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Server")).isEmpty();
  }

  @Test
  void body_ofTheLimit_isTaken_andLongerIsNot() throws Exception {
    assertThat(form(new byte[32 << 10]).statusCode()).isEqualTo(200);
    assertThat(form(new byte[(32 << 10) + 1]).statusCode()).isEqualTo(413);
  }

  @Test
  void body_inChunksLongerThanTheLimit_isRefused() throws Exception {
    var request =
        request(ListenerName.PUBLIC, "/form")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofInputStream(() -> new EndlessZeros(1 << 20)));
    assertThat(send(request).statusCode()).isEqualTo(413);
  }

  @Test
  void body_inSmallPieces_isPutTogether() throws Exception {
    var request =
        request(ListenerName.PUBLIC, "/form")
            .header("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
            .POST(BodyPublishers.ofInputStream(() -> new EndlessZeros(3_000)));
    assertThat(send(request).body()).hasSize(3_000);
  }

  /// A stream of so many zeros, a few at a time.
  private static final class EndlessZeros extends InputStream {
    private int left;

    EndlessZeros(int left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? '0' : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (left <= 0) {
        return -1;
      }
      var count = Math.min(Math.min(length, 100), left);
      Arrays.fill(target, from, from + count, (byte) '0');
      left -= count;
      return count;
    }
  }

  private Socket post(ListenerName listener, String path, int length) throws IOException {
    var socket = new Socket("127.0.0.1", listeners.port(listener));
    socket.setSoTimeout(20_000);
    var head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
            + length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String status(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
  }

  @Test
  void body_ofWhoMayNotComeIn_isNotWaitedFor() throws Exception {
    try (var socket = post(ListenerName.INTERNAL, "/closed", LARGE)) {
      assertThat(status(socket)).isEqualTo("HTTP/1.1 401");
    }
  }

  /// Were it reset with bytes unread, some of these would see a broken connection.
  @Test
  void body_thatIsSentAfterTheRefusal_doesNotLoseTheAnswer() throws Exception {
    for (var round = 0; round < 50; round++) {
      try (var socket = post(ListenerName.INTERNAL, "/closed", LARGE / 4)) {
        socket.getOutputStream().write(new byte[LARGE / 4]);
        assertThat(status(socket)).as("round %d", round).isEqualTo("HTTP/1.1 401");
      }
    }
  }

  @Test
  void body_withoutEnd_isNotReadForEver() throws Exception {
    try (var socket = post(ListenerName.INTERNAL, "/closed", Integer.MAX_VALUE)) {
      var part = new byte[LARGE];
      assertThatIOException()
          .isThrownBy(() -> {
            for (var sent = 0L; sent < Integer.MAX_VALUE; sent += part.length) {
              socket.getOutputStream().write(part);
            }
          });
    }
  }

  @Test
  void body_thatTheClientOffersFirst_isRefusedAtOnce() throws Exception {
    var offer =
        "POST /form HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 40000\r\n\r\n";
    try (var socket = new Socket("127.0.0.1", listeners.port(ListenerName.PUBLIC))) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(offer.getBytes(StandardCharsets.US_ASCII));
      assertThat(status(socket)).isEqualTo("HTTP/1.1 413");
    }
  }

  /// The threads that all doors share are for what is there and waits for nothing.
  @Test
  void requestThatWaits_leavesTheSharedThreads() throws Exception {
    assertThat(post("/thread", "a=b", "")).isEqualTo("platform");
    assertThat(post("/waits", "a=b", "")).as("for the database").isEqualTo("virtual");
    // Now and then the rest of a body is there before anybody has looked for it.
    Until.get(
        "for its body",
        Duration.ofSeconds(20),
        () -> post("/thread", "a", "=b"),
        thread -> thread.equals("virtual"));
    assertThat(post("/thread", "", "")).as("for nothing").isEqualTo("platform");
  }

  /// Posts a form in two parts, the second when the first was taken up.
  private String post(String path, String first, String second) throws IOException {
    var head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + (first + second).length()
            + "\r\n\r\n";
    try (var socket = new Socket("127.0.0.1", listeners.port(ListenerName.INTERNAL))) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((head + first).getBytes(StandardCharsets.US_ASCII));
      Until.isTrue(
          "it was taken up",
          Duration.ofSeconds(20),
          () -> second.isEmpty() || inFlight.count() > 0);
      socket.getOutputStream().write(second.getBytes(StandardCharsets.US_ASCII));
      var answer = new String(readAll(socket.getInputStream()), StandardCharsets.US_ASCII);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  /// Less than the idle timeout between two bytes keeps no share of memory for ever. Who is late is
  /// answered and not listened to any more: a drop after that would cost the client its answer, so
  /// a tenth of a second without one comes before each.
  @Test
  void body_thatComesInDrops_isGivenUpOn() throws Exception {
    try (var socket = post(ListenerName.INTERNAL, "/large", 1 << 20)) {
      var taken = bodies.free();
      socket.setSoTimeout(100);
      int first = -1;
      for (int drops = 0; first < 0; drops++) {
        assertThat(drops).isLessThan(200);
        try {
          first = socket.getInputStream().read();
        } catch (SocketTimeoutException _) {
          socket.getOutputStream().write('0');
        }
      }
      socket.setSoTimeout(20_000);
      var rest = new String(socket.getInputStream().readNBytes(11), StandardCharsets.US_ASCII);
      assertThat((char) first + rest).isEqualTo("HTTP/1.1 408");
      assertThat(taken).isLessThanOrEqualTo(LARGE);
      Until.isTrue("memory given back", Duration.ofSeconds(20), () -> bodies.free() == LARGE);
    }
  }

  private HttpResponse<String> from(String source, String path) throws Exception {
    return send(request(ListenerName.PUBLIC, path).header("X-Forwarded-For", source).GET());
  }

  /// Ten seconds' refusals at once, then as many a second.
  @Test
  void source_thatIsRefusedTooOften_isNotHeard_andOthersAre() throws Exception {
    for (int i = 0; i < 10 * REFUSALS; i++) {
      assertThat(from("198.51.100.7", "/nothing").statusCode()).isEqualTo(404);
    }
    assertThat(from("198.51.100.7", "/nothing").statusCode()).isEqualTo(404);
    var refused = from("198.51.100.7", "/below/x");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("too_many_requests");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(from("203.0.113.1, 198.51.100.7", "/below/x").statusCode())
        .as("what a client says of itself changes nothing")
        .isEqualTo(429);
    assertThat(from("198.51.100.7, 203.0.113.1", "/below/x").statusCode()).isEqualTo(200);
    assertThat(send(request(ListenerName.PUBLIC, "/nothing").GET()).statusCode()).isEqualTo(404);
    assertThat(send(request(ListenerName.INTERNAL, "/inside").GET()).statusCode()).isEqualTo(200);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(from("198.51.100.7", "/below/x").statusCode()).isEqualTo(200);
  }

  @Test
  void network_ofIpv6_isOneSource() throws Exception {
    for (int i = 0; i <= 10 * REFUSALS; i++) {
      from("2001:db8:1:2::" + i, "/nothing");
    }
    assertThat(from("2001:db8:1:2:ffff::1", "/below/x").statusCode()).isEqualTo(429);
    assertThat(from("2001:db8:1:3::1", "/below/x").statusCode()).isEqualTo(200);
  }

  @Test
  void requestsThatAreRight_costNothing() throws Exception {
    for (int i = 0; i < 20 * REFUSALS; i++) {
      var request =
          request(ListenerName.PUBLIC, "/form")
              .header("X-Forwarded-For", "198.51.100.8")
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("a=b"));
      assertThat(send(request).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void sourceThatAProxyDoesNotName_isNotLimited() throws Exception {
    for (var source : List.of("unknown", "198.51.100.7:1234", "", "example.org")) {
      for (int i = 0; i < 11 * REFUSALS; i++) {
        assertThat(from(source, "/nothing").statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void largeBodies_moreThanTheirMemory_areSentAway_andSmallOnesAreNot() throws Exception {
    try (var first = post(ListenerName.INTERNAL, "/large", LARGE)) {
      Until.isTrue("memory taken", Duration.ofSeconds(20), () -> bodies.free() == 0);
      try (var second = post(ListenerName.INTERNAL, "/large", LARGE);
          var small = post(ListenerName.INTERNAL, "/large", 2)) {
        assertThat(status(second)).isEqualTo("HTTP/1.1 503");
        small.getOutputStream().write(new byte[2]);
        assertThat(status(small)).isEqualTo("HTTP/1.1 200");
      }
      first.getOutputStream().write(new byte[LARGE]);
      assertThat(status(first)).isEqualTo("HTTP/1.1 200");
    }
    Until.isTrue("memory given back", Duration.ofSeconds(20), () -> bodies.free() == LARGE);
  }

  @Test
  void connections_asManyAsOneListenerTakes_leaveTheOthersOpen() throws Exception {
    var held = new ArrayList<Socket>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        var socket = post(ListenerName.PUBLIC, "/none", 0);
        held.add(socket);
        assertThat(status(socket)).isEqualTo("HTTP/1.1 404");
      }
      for (var listener : List.of(ListenerName.INTERNAL, ListenerName.ADMIN)) {
        var request = request(listener, "/inside").timeout(Duration.ofSeconds(20));
        assertThat(send(request).statusCode()).isIn(200, 299);
      }
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded; charset=latin1",
        "application/x-www-form-urlencodedx"
      })
  void contentType_ofAnotherKind_isRefused(String type) throws Exception {
    var request =
        request(ListenerName.PUBLIC, "/form")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString("a=b"));
    assertThat(send(request).statusCode()).isEqualTo(415);
  }

  @Test
  void query_atADoor_isRefused() throws Exception {
    var request =
        request(ListenerName.PUBLIC, "/form?client_secret=x").POST(BodyPublishers.ofString("a=b"));
    assertThat(send(request).statusCode()).isEqualTo(400);
  }

  @Test
  void authorization_twice_isRefused() throws Exception {
    var request =
        request(ListenerName.INTERNAL, "/inside")
            .header("Authorization", "Bearer a")
            .header("Authorization", "Bearer b");
    assertThat(send(request).statusCode()).isEqualTo(400);
  }

  @Test
  void headers_tooLarge_areRefusedInOurShape() throws Exception {
    var answer = raw("GET /form HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(20_000) + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431").contains("\"error\":\"invalid_request\"");
    assertThat(answer).doesNotContain("Jetty").doesNotContain("xxxx");
  }

  @Test
  void noHttp_isRefused() throws Exception {
    assertThat(raw("hello\r\n\r\n")).startsWith("HTTP/1.1 400").doesNotContain("Jetty");
  }

  @Test
  void twoLengths_areRefused() throws Exception {
    var answer =
        raw("POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    assertThat(answer).startsWith("HTTP/1.1 400");
  }

  @Test
  void door_thatFails_saysNothingOfWhy() throws Exception {
    var answer = send(request(ListenerName.INTERNAL, "/broken"));
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("server_error").doesNotContain("on purpose");
  }

  @ParameterizedTest
  @EnumSource(
      value = ListenerName.class,
      names = {"INTERNAL", "ADMIN"})
  void stop_letsARequestFinish(ListenerName listener) throws Exception {
    var answer = client.sendAsync(request(listener, "/slow").build(), BodyHandlers.ofString());
    entered.await();
    assertThat(inFlight.count()).isEqualTo(1);
    var stopper = Thread.ofPlatform().start(server::stop);
    slow.countDown();
    assertThat(answer.get().statusCode()).isEqualTo(listener == ListenerName.ADMIN ? 299 : 200);
    stopper.join();
    assertThat(inFlight.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/below/", "/below/a%20b?c=/../d", "/below/../form", "/below/x;y?"})
  void pathThatStandsForMore_seesTheTargetAsItCame(String target) throws IOException {
    var answer = raw("PATCH " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200").endsWith("PATCH" + target);
  }

  /// Jetty's own refusals, before any door.
  @ParameterizedTest
  @ValueSource(strings = {"/below//", "/below/;a/b", "/below/%2e/x", "/below/..;/x", "/below/%2f"})
  void pathWithTwoReadings_isRefusedBeforeTheDoor(String target) throws IOException {
    assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .doesNotContain("GET" + target);
  }

  @Test
  void pathThatStandsForMore_isNoOther() throws IOException {
    for (var target : List.of("/below", "/belowx/y", "/x/below/", "/below;a/x", "*")) {
      assertThat(raw("OPTIONS " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .as(target)
          .startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void fragment_inTheTarget_isRefused() throws IOException {
    assertThat(raw("GET /below/a#b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }
}
