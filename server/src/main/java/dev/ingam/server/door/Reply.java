package dev.ingam.server.door;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/// What a door answers. The headers that every answer carries are added by [DoorHandler].
///
/// @param contentType null when there is no body
/// @param headers beyond the usual ones
public record Reply(
    int status, @Nullable String contentType, byte[] body, List<HttpField> headers) {
  public static final String JSON = "application/json";
  private static final byte[] NOTHING = {};

  public Reply {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("expected a final status, came " + status);
    }
    headers = List.copyOf(headers);
  }

  public static Reply json(int status, byte[] body) {
    return new Reply(status, JSON, body, List.of());
  }

  public static Reply empty(int status, List<HttpField> headers) {
    return new Reply(status, null, NOTHING, headers);
  }

  /// An error in the one shape that all doors use.
  ///
  /// @param error a code: lower case and underscores
  /// @param description plain words of ours, never of the request
  public static Reply error(int status, String error, String description) {
    return json(status, ErrorBody.of(error, description));
  }

  public Reply with(HttpField... more) {
    var all = new ArrayList<>(headers);
    all.addAll(List.of(more));
    return new Reply(status, contentType, body, all);
  }
}
