package dev.ingam.server.door;

import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.server.tls.Peer;
import dev.ingam.server.tls.Tls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first handler of the server: tells listeners apart by the name of their connector. What the
/// table does not name is 404 on the public and the internal listener; only on the admin listener
/// does a request go on, to Spring.
public final class DoorHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(DoorHandler.class);
  private static final Reply NOT_FOUND =
      Reply.error(404, "not_found", "nothing stands at this path on this listener");
  private static final Reply FAILED =
      Reply.error(500, "server_error", "the server failed; its log says why");

  static final HttpField CLOSE = new PreEncodedHttpField(HttpHeader.CONNECTION, "close");
  static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
  static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
  private static final HttpField JSON =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Reply.JSON);

  private static final Reply BUSY =
      Reply.error(503, "temporarily_unavailable", "too many large requests at once; try again")
          .with(new HttpField(HttpHeader.RETRY_AFTER, "1"), CLOSE);
  private static final byte[] NOTHING = {};

  private static final Reply TOO_MANY =
      Reply.error(
              429,
              "too_many_requests",
              "expected fewer requests that are refused; see what is wrong with them, and wait")
          .with(new HttpField(HttpHeader.RETRY_AFTER, "1"), CLOSE);
  private static final Reply LATE =
      Reply.error(408, "invalid_request", "expected the whole body within ten seconds").with(CLOSE);

  private static final Reply OUTDATED =
      Reply.error(
              401,
              "unknown_certificate",
              "expected a client certificate that is valid now; it was when the connection began")
          .with(CLOSE);

  private final DoorTable table;
  private final Tls tls;
  private final InFlight inFlight;
  private final Limits limits;
  private final RequestTracing tracing;
  private final DoorCounts counts;

  /// @param tls knows who is at the other end of a connection
  public DoorHandler(
      DoorTable table, Tls tls, InFlight inFlight, Limits limits, RequestTracing tracing) {
    this.table = table;
    this.tls = tls;
    this.inFlight = inFlight;
    this.limits = limits;
    this.tracing = tracing;
    this.counts = new DoorCounts(table);
  }

  /// How requests ended.
  public DoorCounts counts() {
    return counts;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var connector = request.getConnectionMetaData().getConnector().getName();
    var listener = ListenerName.of(connector);
    if (listener == ListenerName.ADMIN) {
      return false;
    }
    var path = request.getHttpURI().getPath();
    var row = path == null ? null : table.find(listener, path);
    var body = BoundedBody.of(request, row == null ? Body.IGNORED : row.body());
    var arrived = new Arrived(listener, row, request, body);
    inFlight.enter();
    if (body.isHere() && (row == null || !row.waits())) {
      handle(arrived, response, callback);
    } else {
      Apart.run(request, response, callback, () -> handle(arrived, response, callback));
    }
    return true;
  }

  /// A request and the row that it is for; null: none.
  private record Arrived(
      ListenerName listener, @Nullable DoorRow row, Request request, BoundedBody body) {
    /// For metrics and traces.
    String door() {
      return row == null ? DoorCounts.NOWHERE : row.path();
    }

    Call head(@Nullable PresentedCertificate certificate) {
      return new Call(
          listener,
          request.getMethod(),
          request.getHttpURI().getPathQuery(),
          request.getHeaders(),
          NOTHING,
          certificate);
    }
  }

  private void handle(Arrived arrived, Response response, Callback callback) {
    var request = arrived.request;
    try {
      var head = new RequestTracing.Head(request.getMethod(), request.getHeaders());
      var traced = tracing.begin(arrived.listener, arrived.door(), head);
      var reply =
          arrived.listener == ListenerName.PUBLIC ? answerInMeasure(arrived) : answer(arrived);
      traced.end(reply);
      counts.count(arrived.listener, arrived.door(), reply.status());
      write(request, response, callback, reply);
    } finally {
      arrived.body.close();
      inFlight.leave();
    }
  }

  /// A source that was refused too often is not heard. What everybody may read costs it as much as
  /// a refusal; what was right costs nothing.
  private Reply answerInMeasure(Arrived arrived) {
    var source = limits.sources().of(arrived.request);
    if (source == null) {
      return answer(arrived);
    }
    if (!limits.refusals().admits(source)) {
      return TOO_MANY;
    }
    var reply = answer(arrived);
    boolean forEverybody = arrived.row != null && arrived.row.body() == Body.IGNORED;
    if (forEverybody || (400 <= reply.status() && reply.status() < 500)) {
      limits.refusals().count(source);
    }
    return reply;
  }

  private Reply answer(Arrived arrived) {
    var row = arrived.row;
    if (row == null) {
      return NOT_FOUND;
    }
    try {
      var refusal = RequestRules.refusal(row, arrived.request);
      return refusal == null ? open(row, arrived) : refusal;
    } catch (BoundedBody.LateException e) {
      return LATE;
    } catch (IOException e) {
      return Reply.error(400, "invalid_request", "the body did not arrive").with(CLOSE);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("path", row.path()).setCause(e).log("Door failed");
      return FAILED;
    }
  }

  private Reply open(DoorRow row, Arrived arrived) throws IOException {
    return switch (tls.peer(arrived.listener.connector(), arrived.request)) {
      case Peer.Anybody() -> enter(row, arrived.head(null), arrived.body);
      case Peer.Holder(PresentedCertificate certificate) ->
          enter(row, arrived.head(certificate), arrived.body);
      case Peer.Outdated() -> OUTDATED;
    };
  }

  private Reply enter(DoorRow row, Call head, BoundedBody body) throws IOException {
    return switch (row.door().admit(head)) {
      case Admission.Out(Reply refusal) -> refusal;
      case Admission.In(Door door) ->
          row.body() == Body.IGNORED ? door.answer(head) : withBody(row, door, head, body);
    };
  }

  private Reply withBody(DoorRow row, Door door, Call head, BoundedBody body) throws IOException {
    var units = body.units();
    if (!limits.bodies().take(units)) {
      return BUSY;
    }
    try {
      var bytes = body.read(limits.patience());
      return bytes == null ? RequestRules.tooLarge(row.body()) : door.answer(head.withBody(bytes));
    } finally {
      limits.bodies().giveBack(units);
    }
  }

  /// The headers of every answer, in one place.
  private static void write(Request request, Response response, Callback callback, Reply reply) {
    response.setStatus(reply.status());
    var headers = response.getHeaders();
    headers.add(NO_SNIFF);
    var type = reply.contentType();
    if (type != null) {
      headers.add(type.equals(Reply.JSON) ? JSON : new HttpField(HttpHeader.CONTENT_TYPE, type));
    }
    var cached = false;
    for (var field : reply.headers()) {
      cached |= field.getHeader() == HttpHeader.CACHE_CONTROL;
      headers.add(field);
    }
    if (!cached) {
      headers.add(NO_STORE);
    }
    var body = request.getMethod().equals("HEAD") ? new byte[0] : reply.body();
    var done = reply.status() < 400 ? callback : new Linger(request, callback);
    response.write(true, ByteBuffer.wrap(body), done);
  }

  static String sorted(Set<String> methods) {
    return String.join(", ", new TreeSet<>(methods));
  }
}
