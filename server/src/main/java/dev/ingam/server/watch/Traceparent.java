package dev.ingam.server.watch;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header `traceparent` of [W3C Trace
/// Context](https://www.w3.org/TR/trace-context/#traceparent-header), version 00.
final class Traceparent {
  private static final Pattern FORM =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private Traceparent() {}

  /// Whose span this request belongs to; an invalid one where the header is none or missing.
  static SpanContext read(@Nullable String header) {
    var matcher = header == null ? null : FORM.matcher(header);
    if (matcher == null || !matcher.matches()) {
      return SpanContext.getInvalid();
    }
    var parent =
        SpanContext.createFromRemoteParent(
            matcher.group(1),
            matcher.group(2),
            TraceFlags.fromHex(matcher.group(3), 0),
            TraceState.getDefault());
    return parent.isValid() ? parent : SpanContext.getInvalid();
  }
}
