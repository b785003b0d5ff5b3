package dev.ingam.drill;

import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Reply;
import java.util.Locale;

/// What a door of the server answered.
///
/// @param status 0 when no answer came
/// @param reason a code; empty for what was done
record Told(int status, String reason, Json body) {
  static final Told NOTHING = new Told(0, "no_answer", Json.empty());

  static Told of(Reply reply) {
    var read = Json.readOrNull(reply.body());
    var body = read == null ? Json.empty() : read;
    if (reply.ok()) {
      return new Told(reply.status(), "", body);
    }
    var reason = reply.header("x-ingam-reason");
    var error = reason == null ? body.textOrNull("error") : reason;
    var status = String.format(Locale.ROOT, "status_%d", reply.status());
    return new Told(reply.status(), error == null ? status : error, body);
  }

  boolean isDone() {
    return status >= 200 && status < 300;
  }

  boolean isNothing() {
    return status == 0;
  }

  boolean isWithheld() {
    return status == 503;
  }
}
