package dev.ingam.verifier;

import dev.ingam.wire.CompactJws;
import dev.ingam.wire.LedgerAnswer;
import dev.ingam.wire.LedgerItem;
import dev.ingam.wire.LedgerMessages;
import dev.ingam.wire.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger over HTTP, in batches. A call returns within five seconds, with `ledger_unavailable`
/// when nothing else came. Its daemon threads end with [#close].
public final class HttpLedgerClient implements LedgerClient {
  private static final Logger log = LoggerFactory.getLogger(HttpLedgerClient.class);

  private static final int THREADS = 4;
  private static final int QUEUED = 8192;
  private static final int QUEUED_REPORTS = 1024;
  private static final Duration TRY = Duration.ofSeconds(2);
  private static final long PATIENCE_MILLIS = 5000;
  private static final int MAX_JTI = 128;

  private final Batcher lookups;
  private final Batcher redemptions;
  private final Batcher reports;
  private final ObservedReports observed;
  private final RequestIds requestIds;

  /// `internal` is the server's internal address, for example `http://127.0.0.1:8422`. Where it
  /// speaks TLS, whom to trust and which certificate to show is the client's `SSLContext`; a caller
  /// whose certificate says who it is needs no token: [BearerSource#none()].
  public HttpLedgerClient(
      URI internal, BearerSource bearer, HttpClient client, SecureRandom random) {
    var http = new Http(client, TRY, LedgerMessages.MAX_BYTES);
    this.lookups = batcher("lookup", new LedgerDoor(door(internal, "lookup"), bearer, http));
    this.redemptions = batcher("redeem", new LedgerDoor(door(internal, "redeem"), bearer, http));
    var report = new LedgerDoor(door(internal, "report"), bearer, http);
    this.reports = new Batcher("report", report, 1, QUEUED_REPORTS);
    this.observed = new ObservedReports(report);
    this.requestIds = new RequestIds(random);
  }

  @Override
  public LedgerAnswer lookup(LedgerItem item) {
    return ask(lookups, item);
  }

  @Override
  public LedgerAnswer redeem(LedgerItem item) {
    return ask(redemptions, item);
  }

  @Override
  public void report(String token) {
    var jws = CompactJws.read(token);
    if (jws == null) {
      return; // no signature of ours can be on it
    }
    if (!reports.offer(new Question(new LedgerItem(requestIds.next(), jti(jws), false, token)))) {
      log.atWarn().log("Report of a refused token dropped: too many wait");
    }
  }

  @Override
  public void observed(String token, Reason reason) {
    var jws = CompactJws.read(token);
    if (jws != null) {
      observed.add(new LedgerItem(requestIds.next(), jti(jws), false, token).observed(reason));
    }
  }

  /// Reports of observed tokens that were dropped because too many waited, since the start: for the
  /// service's own metrics. Each is missing in the server's counts.
  public long droppedReports() {
    return observed.dropped();
  }

  @Override
  public void close() {
    lookups.close();
    redemptions.close();
    reports.close();
    observed.close();
  }

  private static LedgerAnswer ask(Batcher batcher, LedgerItem item) {
    var question = new Question(item);
    return batcher.offer(question)
        ? question.await(PATIENCE_MILLIS)
        : new LedgerAnswer(item.requestId(), Reason.LEDGER_UNAVAILABLE);
  }

  private static Batcher batcher(String name, LedgerDoor door) {
    return new Batcher(name, door, THREADS, QUEUED);
  }

  private static URI door(URI internal, String name) {
    return URI.create(internal.toString().replaceFirst("/$", "") + "/ledger/" + name);
  }

  private static String jti(CompactJws jws) {
    var claims = jws.claims();
    var jti = claims == null ? null : claims.string("jti");
    return jti != null && jti.length() <= MAX_JTI && jti.chars().allMatch(c -> c > ' ' && c < 0x7f)
        ? jti
        : "";
  }
}
