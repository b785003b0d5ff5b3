package dev.ingam.server.door;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/// Hears of each request at a door, on its thread: it must not wait. Safe to call concurrently.
public interface RequestTracing {
  /// Of a server that traces nothing.
  RequestTracing NONE =
      new RequestTracing() {
        private final Request nobody = reply -> {};

        @Override
        public Request begin(ListenerName listener, String door, Head head) {
          return nobody;
        }
      };

  /// What may be looked at of a request. Only its method and `traceparent` are.
  record Head(String method, HttpFields headers) {
    /// [W3C Trace Context section 3.2](https://www.w3.org/TR/trace-context/#traceparent-header);
    /// null when there is none, or more than one.
    public @Nullable String traceparent() {
      var values = headers.getValuesList("traceparent");
      return values.size() == 1 ? values.getFirst() : null;
    }
  }

  /// A request that is on its way.
  interface Request {
    /// It is answered.
    void end(Reply reply);
  }

  /// A request begins.
  ///
  /// @param door a path of the table of doors, never of a request
  Request begin(ListenerName listener, String door, Head head);
}
