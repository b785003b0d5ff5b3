package dev.ingam.server.watch;

import dev.ingam.server.door.Call;
import dev.ingam.server.door.Reply;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// What load balancers and supervisors ask. Both answer from memory, and say nothing that only an
/// operator should know.
///
/// @param issues whether this node may issue tokens now
/// @param keysAreFresh whether routes of personal data are served now
public record Health(BooleanSupplier issues, BooleanSupplier keysAreFresh) {
  public static final String LIVE_PATH = "/livez";
  public static final String READY_PATH = "/readyz";

  private static final Reply ALIVE = json(200, "{\"alive\":true}");

  private static Reply json(int status, String body) {
    return Reply.json(status, body.getBytes(StandardCharsets.UTF_8));
  }

  /// Liveness: the process answers. A database that is away is no reason to kill the server.
  public Reply live(Call call) {
    return ALIVE;
  }

  /// Readiness of the public listener: tokens are issued.
  public Reply readyToIssue(Call call) {
    boolean issuing = issues.getAsBoolean() && keysAreFresh.getAsBoolean();
    return json(issuing ? 200 : 503, "{\"issuing\":" + issuing + "}");
  }

  /// Readiness of the internal listener: it verifies from the moment on at which it opens, whatever
  /// the database does; routes of personal data want fresh keys.
  public Reply readyToVerify(Call call) {
    return json(200, "{\"verifying\":true,\"personal_data\":" + keysAreFresh.getAsBoolean() + "}");
  }
}
