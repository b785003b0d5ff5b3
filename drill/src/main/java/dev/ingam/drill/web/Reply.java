package dev.ingam.drill.web;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer over HTTP; header names in lower case.
public record Reply(int status, Map<String, String> headers, byte[] body) {
  public Reply {
    headers = Map.copyOf(headers);
  }

  public boolean ok() {
    return status >= 200 && status < 300;
  }

  public @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  /// The body of an answer that has to be good; `what` names the request in the error.
  public Json expect(String what) {
    if (!ok()) {
      var said = Json.readOrNull(body);
      throw new DrillException(
          what + ": expected 2xx, came " + status + (said == null ? "" : " " + said));
    }
    return body.length == 0 ? Json.empty() : Json.read(body, what);
  }
}
