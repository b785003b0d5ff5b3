package dev.ingam.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ingam.issuance.client.ClientRight;
import dev.ingam.server.door.ListenerName;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spans as a collector gets them.
class TracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";

  @TempDir Path home;
  private Collector collector;
  private TestServer server;

  @BeforeEach
  void open() throws IOException {
    collector = new Collector();
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private void start(String share) {
    server =
        TestServer.start(
            home,
            Map.of(
                "ingam.traces.endpoint",
                collector.endpoint().toString(),
                "ingam.traces.share",
                share));
  }

  private int get(ListenerName listener, String path, String traceparent) {
    return server
        .send(server.request(listener, path).header("traceparent", traceparent).GET())
        .statusCode();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private Span span(String name) {
    return collector.spans().stream().filter(each -> each.getName().equals(name)).findFirst().get();
  }

  @Test
  void requests_areSpansOfTheirDoor_thatNameNobody() {
    start("1");
    var secret = server.client("shop-job", ClientRight.CLIENT_CREDENTIALS, false, Set.of("a"));
    var token = server.clientToken("shop-job", secret);
    server.gate("GET", "/unheard-of", "junk");
    get(ListenerName.PUBLIC, "/no/such/door?token=" + token, SAMPLED);
    get(ListenerName.PUBLIC, "/oauth2/jwks", SAMPLED);
    collector.await(4);

    var issued = span("POST /oauth2/token");
    assertThat(Collector.attributes(issued))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "http.request.method", "POST",
                "http.route", "/oauth2/token",
                "http.response.status_code", "200",
                "ingam.listener", "public"));
    assertThat(issued.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(Collector.attributes(span("GET /gate"))).containsEntry("ingam.reason", "malformed");
    var keys = span("GET /oauth2/jwks");
    assertThat(hex(keys.getTraceId())).as("a stranger's header").isNotEqualTo(TRACE);
    assertThat(keys.getParentSpanId().isEmpty()).isTrue();
    assertThat(collector.spans().toString())
        .doesNotContain("shop-job", secret, "such/door", "127.0.0.1")
        .doesNotContain(token.split("\\.")[1]);

    collector.close();
    for (int i = 0; i < 100; i++) {
      assertThat(get(ListenerName.PUBLIC, "/oauth2/jwks", SAMPLED)).as("without it").isEqualTo(200);
    }
    server.close();
  }

  /// A trace is continued on the internal listener alone: at the public one anybody can write the
  /// header.
  @Test
  void traceparent_ofACaller_isContinued() {
    start("0");
    get(ListenerName.PUBLIC, "/oauth2/jwks", SAMPLED);
    get(ListenerName.INTERNAL, "/gate", SAMPLED.replace("-01", "-00"));
    get(ListenerName.INTERNAL, "/gate", "00-" + "0".repeat(32) + "-" + PARENT + "-01");
    get(ListenerName.INTERNAL, "/gate", SAMPLED + "-more");
    server.send(
        server
            .request(ListenerName.INTERNAL, "/gate")
            .header("traceparent", SAMPLED)
            .header("traceparent", SAMPLED)
            .GET());
    get(ListenerName.INTERNAL, "/gate", SAMPLED);
    server.close();

    var span = collector.await(1).getFirst();
    assertThat(collector.spans()).hasSize(1);
    assertThat(span.getName()).isEqualTo("GET /gate");
    assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
    assertThat(hex(span.getParentSpanId())).isEqualTo(PARENT);
  }
}
