package dev.ingam.server.tls;

import dev.ingam.issuance.client.PresentedCertificate;
import dev.ingam.keys.Alarm;
import dev.ingam.server.start.StartFailure;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS at one listener: the context in use, and what replaces it when the files change. Whatever
/// new files hold, connections are made with the last ones that were good.
public final class TlsListener {
  private static final Logger LOG = LoggerFactory.getLogger(TlsListener.class);
  private static final Duration AHEAD = Duration.ofDays(14);
  private static final int SHORT_LIVED = 3;
  private static final String JUDGED = "ingam.peer";
  private static final Peer ANYBODY = new Peer.Anybody();
  private static final Peer OUTDATED = new Peer.Outdated();

  /// @param by whom: another trust judges anew
  /// @param presented null when it would no longer pass
  private record Judged(
      ClientTrust by, X509Certificate leaf, @Nullable PresentedCertificate presented) {}

  private record Failure(Instant since, String problem) {}

  private final String name;
  private final TlsFiles files;
  private final Clock clock;
  private final TlsEngines engines;

  // Written by the one thread that refreshes.
  private volatile TlsContext context;
  private volatile @Nullable Failure failure;
  private String state;

  private TlsListener(String name, TlsFiles files, String state, TlsContext context, Clock clock) {
    this.name = name;
    this.files = files;
    this.clock = clock;
    this.state = state;
    this.context = context;
    this.engines = new TlsEngines(() -> this.context);
  }

  /// For a server made of the same parts, which asks for no certificate.
  ///
  /// @throws StartFailure when the files cannot be used
  public static TlsListener serving(Path certificate, Path key, Clock clock) {
    try {
      return open("bare", new TlsFiles(certificate, key, null, null), clock);
    } catch (TlsFileException e) {
      throw new StartFailure(
          "TLS files that can be served", String.valueOf(e.getMessage()), "correct them", e);
    }
  }

  static TlsListener open(String name, TlsFiles files, Clock clock) throws TlsFileException {
    var state = files.state();
    return new TlsListener(
        name, files, state, TlsContext.read(files, new Dates(clock.instant(), Set.of())), clock);
  }

  /// Follows the files: reads them when they changed, and again while they are not good. The state
  /// is taken before the content, so that what changes meanwhile is read the next time.
  void refresh() {
    var now = files.state();
    if (now.equals(state) && failure == null) {
      return;
    }
    state = now;
    try {
      context = TlsContext.read(files, new Dates(clock.instant(), context.certificates()));
      failure = null;
      LOG.atInfo().addKeyValue("listener", name).log("New TLS files are in use");
    } catch (TlsFileException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private void failed(String problem) {
    var before = failure;
    if (before == null || !before.problem.equals(problem)) {
      LOG.atError()
          .addKeyValue("listener", name)
          .addKeyValue("problem", problem)
          .log("New TLS files are not good; the last ones stay in use");
    }
    failure = new Failure(before == null ? clock.instant() : before.since, problem);
  }

  public SslContextFactory.Server engines() {
    return engines;
  }

  /// Whether the certificate in use is for this host.
  boolean isFor(String host) {
    return context.certificate().isFor(host);
  }

  /// Who is at the other end. The certificate is judged again when the trust changed, its dates
  /// each time.
  Peer peer(EndPoint.SslSessionData connection) {
    var chain = connection.peerCertificates();
    var trust = context.trust();
    if (chain == null || chain.length == 0 || trust == null) {
      return ANYBODY;
    }
    var session = connection.sslSession();
    var judged = session.getValue(JUDGED) instanceof Judged known ? known : null;
    if (judged == null || judged.by != trust) {
      judged = judge(session, trust, chain);
    }
    var presented = judged.presented;
    return presented == null || isOver(judged.leaf) ? OUTDATED : new Peer.Holder(presented);
  }

  private static Judged judge(SSLSession session, ClientTrust trust, X509Certificate[] chain) {
    PresentedCertificate presented;
    try {
      presented = trust.present(chain);
    } catch (GeneralSecurityException e) {
      presented = null; // What the handshake would say now: refused.
    }
    var judged = new Judged(trust, chain[0], presented);
    session.putValue(JUDGED, judged);
    return judged;
  }

  private boolean isOver(X509Certificate leaf) {
    return !new Dates(clock.instant(), Set.of()).allow(leaf);
  }

  List<Alarm> alarms() {
    var alarms = new ArrayList<Alarm>();
    var broken = failure;
    if (broken != null) {
      alarms.add(
          new Alarm(
              "certificate_not_reloaded",
              broken.since,
              "new TLS files of the "
                  + name
                  + " listener are not good, the last ones stay in use: "
                  + broken.problem,
              "correct the files; they are read again within seconds"));
    }
    for (var end : context.ends()) {
      var alarm = ending(end);
      if (alarm != null) {
        alarms.add(alarm);
      }
    }
    return alarms;
  }

  private @Nullable Alarm ending(TlsContext.End end) {
    var third = Duration.between(end.begins(), end.ends()).dividedBy(SHORT_LIVED);
    var since = end.ends().minus(third.compareTo(AHEAD) < 0 ? third : AHEAD);
    var now = clock.instant();
    if (now.isBefore(since)) {
      return null;
    }
    var over = now.isAfter(end.ends());
    return new Alarm(
        over ? "certificate_expired" : "certificate_expiring",
        over ? end.ends() : since,
        end.what()
            + " of the "
            + name
            + " listener in "
            + end.file()
            + " is valid until "
            + end.ends(),
        "put a new one into the file; it is used within seconds, without a restart");
  }
}
