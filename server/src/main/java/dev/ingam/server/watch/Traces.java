package dev.ingam.server.watch;

import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Reply;
import dev.ingam.server.door.RequestTracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// Spans of requests at the doors, by OTLP over HTTP to a collector. They name the door, the method
/// and how it ended, and nothing of who asked.
///
/// Who is traced is decided before anything is made: by the share that is configured and, on the
/// internal listener, by the caller's `traceparent`, for so many requests a second. On the public
/// listener that header is a stranger's: it is not looked at.
///
/// A collector that is away costs the spans that wait for it, 2,048 at most.
public final class Traces implements RequestTracing, AutoCloseable {
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Request NOT_TRACED = reply -> {};

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("ingam.listener");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("ingam.reason");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");

  /// Those of RFC 9110 and PATCH, as a proxy may pass them on to the gate; another is somebody's
  /// text.
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private static final String OTHER = "_OTHER";
  private static final String REASON_HEADER = "X-Ingam-Reason";

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final double share;
  private final DoubleSupplier random;
  private final CallersSampled callers = new CallersSampled(System::nanoTime);

  /// @param share of all requests, 0 to 1
  /// @param random from 0 to 1
  public Traces(URI endpoint, double share, DoubleSupplier random) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setTimeout(PATIENCE)
            .setConnectTimeout(PATIENCE)
            .build();
    this.provider =
        SdkTracerProvider.builder()
            .setSampler(Sampler.alwaysOn())
            .setResource(Resource.create(Attributes.of(SERVICE, "ingam")))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).setScheduleDelay(DELAY).build())
            .build();
    this.tracer = provider.get("dev.ingam.server");
    this.share = share;
    this.random = random;
  }

  @Override
  public Request begin(ListenerName listener, String door, Head head) {
    var parent =
        listener == ListenerName.INTERNAL
            ? Traceparent.read(head.traceparent())
            : SpanContext.getInvalid();
    if (!(parent.isSampled() && callers.take()) && random.getAsDouble() >= share) {
      return NOT_TRACED;
    }
    var method = METHODS.contains(head.method()) ? head.method() : OTHER;
    var span =
        tracer
            .spanBuilder(method + " " + door)
            .setSpanKind(SpanKind.SERVER)
            .setParent(Context.root().with(Span.wrap(parent)))
            .setAttribute(METHOD, method)
            .setAttribute(ROUTE, door)
            .setAttribute(LISTENER, listener.connector())
            .startSpan();
    return reply -> end(span, reply);
  }

  private static void end(Span span, Reply reply) {
    span.setAttribute(STATUS, reply.status());
    for (var header : reply.headers()) {
      if (header.getName().equals(REASON_HEADER)) {
        span.setAttribute(REASON, header.getValue());
      }
    }
    if (reply.status() >= 500) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  /// Sends what waits, for some seconds.
  @Override
  public void close() {
    provider.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
