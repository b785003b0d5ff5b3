package dev.ingam.issuance;

import dev.ingam.issuance.audience.Audiences;
import dev.ingam.issuance.client.Clients;
import dev.ingam.issuance.judge.Judge;
import dev.ingam.issuance.judge.JudgeLane;
import dev.ingam.issuance.judge.TheftProofs;
import dev.ingam.issuance.ledger.Ledger;
import dev.ingam.issuance.route.Routes;
import dev.ingam.issuance.session.LoggedInSubjects;
import dev.ingam.issuance.session.Sessions;
import dev.ingam.issuance.session.Subjects;
import dev.ingam.issuance.watermark.Watermarks;
import dev.ingam.keys.Alarm;
import dev.ingam.keys.KeyLifecycle;
import dev.ingam.keys.SealingKeys;
import dev.ingam.keys.row.EventTable;
import dev.ingam.keys.row.Recall;
import dev.ingam.keys.row.RowMac;
import dev.ingam.wire.DpopCheck;
import dev.ingam.wire.LedgerState;
import dev.ingam.wire.SignatureCheck;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Issuance as one thing: what the doors of the server are given.
public final class Issuance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);

  /// What issuance stands on.
  ///
  /// @param database connects as `ingam_server`
  /// @param nanos a monotonic clock, as `System::nanoTime`
  /// @param provider for signature checks; null for the JDK's own
  public record Surroundings(
      DataSource database,
      SealingKeys sealing,
      Clock clock,
      LongSupplier nanos,
      SecureRandom random,
      @Nullable Provider provider) {}

  private record Tables(
      JdbcClient database, TransactionTemplate transactions, RowMac macs, EventTable events) {
    static Tables of(Surroundings around) {
      var database = JdbcClient.create(around.database());
      return new Tables(
          database,
          new TransactionTemplate(new JdbcTransactionManager(around.database())),
          new RowMac(around.sealing()),
          new EventTable(database, IssuanceSchema.NAME, around.clock()));
    }
  }

  private final Ledger ledger;
  private final NodeLease lease;
  private final Recall recall;
  private final EventTable events;
  private final Clients clients;
  private final Watermarks watermarks;
  private final Sessions sessions;
  private final Policies policies;
  private final TheftProofs proofs;
  private final JudgeLane lane;
  private final ExchangeWatch watch;
  private final TokenHandler tokens;
  private final LoginEvents logins;
  private final LedgerQueries queries;
  private final Callers callers;
  private final ClientForms forms;
  private final RevocationEvents revoked;
  private final TokenRevocation revocation;
  private final Revocations revocations;
  private final Metadata metadata;
  private final Housekeeping housekeeping;
  private final OnceOnly onceOnly;

  Issuance(
      IssuanceConfig config, Surroundings around, KeyDoors doors, Ledger ledger, NodeLease lease) {
    var clock = around.clock();
    var tables = Tables.of(around);
    var signatures = new SignatureCheck(around.provider());
    this.ledger = ledger;
    this.lease = lease;
    recall = doors.recall();
    events = tables.events();
    clients = new Clients(clientStorage(tables, around.sealing()), around.random(), clock);
    watermarks = watermarks(tables, around, recall, ledger);
    var subjects = new LoggedInSubjects(tables.database());
    sessions = sessions(config, around, tables, subjects);
    policies =
        policies(tables, new Policies.Kinds(doors.keySets(), config.keySet(), recall, clock));
    proofs = doors.proofs(proofStorage(tables, config), subjects, signatures, clock);
    var judge = new Judge(doors.keys(), ledger, signatures, clock);
    lane = new JudgeLane(judge, proofs, config.judgeWidth(), clock);
    watch = new ExchangeWatch(tables.events(), tables.transactions(), clock);
    onceOnly = OnceOnly.of(config, around);
    var authenticator = authenticator(config, around, signatures);
    tokens =
        new TokenHandler(
            rules(config, authenticator, signatures, clock), issuer(config, doors.signer(), clock));
    logins = new LoginEvents(sessions);
    var beside = new LedgerQueries.Beside(watermarks, lane, policies.observed());
    queries = new LedgerQueries(ledger, beside, around.nanos());
    callers = callers(config, doors, signatures, clock);
    forms = new ClientForms(authenticator);
    revoked = new RevocationEvents(tables.events(), tables.transactions());
    revocation = new TokenRevocation(forms, ledger, lane, revoked, clock);
    revocations = new Revocations(watermarks, sessions, clients, doors.keys(), clock);
    metadata = new Metadata(config.issuer(), config.publicCertificates());
    housekeeping = new Housekeeping(clock);
  }

  private Callers callers(
      IssuanceConfig config, KeyDoors doors, SignatureCheck signatures, Clock clock) {
    var against = new CallerTokens.Against(clients, doors.keys(), ledger, watermarks, lane);
    return new Callers(new CallerTokens(config.issuer(), against, signatures, clock), clients);
  }

  private static Policies policies(Tables tables, Policies.Kinds kinds) {
    return Policies.of(
        tables.database(), tables.transactions(), tables.macs(), tables.events(), kinds);
  }

  private Issuer issuer(IssuanceConfig config, TokenSigner signer, Clock clock) {
    return new Issuer(
        config.issuer(),
        ledger,
        new AudienceSigner(signer, policies.audiences(), config.keySet()),
        new Issuer.Leave(lease, recall, sessions),
        clock);
  }

  private static Watermarks watermarks(
      Tables tables, Surroundings around, Recall recall, Ledger ledger) {
    var storage =
        new Watermarks.Storage(
            tables.database(), tables.transactions(), tables.macs(), tables.events(), recall);
    return new Watermarks(storage, ledger, around.sealing(), around.clock(), around.nanos());
  }

  private Sessions sessions(
      IssuanceConfig config, Surroundings around, Tables tables, Subjects subjects) {
    return new Sessions(
        sessionStorage(tables),
        new Sessions.LifeHangsOn(subjects, watermarks),
        config.sessions(),
        around.clock(),
        around.random());
  }

  private ClientAuthenticator authenticator(
      IssuanceConfig config, Surroundings around, SignatureCheck signatures) {
    return new ClientAuthenticator(
        clients, config.assertionAudiences(), onceOnly.assertions(), signatures, around.clock());
  }

  private List<TokenRule> rules(
      IssuanceConfig config,
      ClientAuthenticator authenticator,
      SignatureCheck signatures,
      Clock clock) {
    var subjectTokens =
        new SubjectTokens(config.upstream(), Set.of(config.issuer()), signatures, clock);
    return TokenHandler.rules(
        authenticator,
        new TokenRules.SenderIsBound(onceOnly.dpop(), config.tokenUris()),
        new TokenRules.SessionIsLive(subjectTokens, sessions, watch),
        new TokenRules.SessionBearsAnother(sessions));
  }

  private static Clients.Storage clientStorage(Tables tables, SealingKeys sealing) {
    return new Clients.Storage(
        tables.database(), tables.transactions(), tables.macs(), tables.events(), sealing);
  }

  private static Sessions.Storage sessionStorage(Tables tables) {
    return new Sessions.Storage(
        tables.database(), tables.transactions(), tables.macs(), tables.events());
  }

  private static TheftProofs.Storage proofStorage(Tables tables, IssuanceConfig config) {
    return new TheftProofs.Storage(
        tables.database(),
        tables.transactions(),
        tables.macs(),
        tables.events(),
        config.proofJournal());
  }

  /// Takes the node's lease, so that no other process serves this database. The first step of a
  /// start.
  ///
  /// @param node this node's name
  /// @param holder a random name of this process
  /// @throws dev.ingam.issuance.ledger.IssuanceException `ALREADY_SERVED`
  public static NodeLease acquireLease(Surroundings around, String node, String holder) {
    var lease = new NodeLease(JdbcClient.create(around.database()), node, holder, around.nanos());
    lease.acquire();
    return lease;
  }

  /// Starts issuing with a ledger that is open. Both are closed with this.
  public static Issuance over(
      Ledger ledger,
      NodeLease lease,
      IssuanceConfig config,
      Surroundings around,
      KeyLifecycle lifecycle) {
    var doors = KeyDoors.of(lifecycle);
    var issuance = new Issuance(config, around, doors, ledger, lease);
    issuance.startHousekeeping();
    return issuance;
  }

  private void startHousekeeping() {
    housekeeping.renew(lease);
    housekeeping.eachSecond("node memory", recall::keep);
    housekeeping.eachSecondUnless(recall::isBehind, "clients", clients::refresh);
    housekeeping.eachSecondUnless(recall::isBehind, "routes", policies.routes()::refresh);
    housekeeping.eachSecondUnless(recall::isBehind, "audiences", policies.audiences()::refresh);
    housekeeping.eachSecond("observed", policies.observed()::flush);
    housekeeping.eachSecond("withdrawals", sessions::endWithdrawn);
    housekeeping.eachSecondUnless(recall::isBehind, "watermarks", watermarks::refresh);
    housekeeping.eachSecond("sessions", sessions::flush);
    housekeeping.eachSecond("revocations", revoked::flush);
    housekeeping.eachSecond("proofs", proofs::flush);
    housekeeping.eachSecond("exchanges", watch::tellWhatIsDue);
    housekeeping.eachSecondApart("ledger", ledger::maintain);
  }

  /// `POST /oauth2/token` on both listeners.
  public TokenHandler tokens() {
    return tokens;
  }

  /// DPoP proofs, at the token endpoint and wherever bound tokens are presented.
  public DpopCheck dpop() {
    return onceOnly.dpop();
  }

  /// Forms of clients at the endpoints beside the token endpoint.
  public ClientForms forms() {
    return forms;
  }

  /// `POST /oauth2/revoke`.
  public TokenRevocation revocation() {
    return revocation;
  }

  /// What an operator takes back.
  public Revocations revocations() {
    return revocations;
  }

  /// What is revoked because it was issued before.
  public Watermarks watermarks() {
    return watermarks;
  }

  /// `POST /events/login` and `/events/logout`.
  public LoginEvents logins() {
    return logins;
  }

  /// `POST /ledger/…`, and what the gate asks.
  public LedgerQueries ledgerQueries() {
    return queries;
  }

  /// Who comes to the internal doors.
  public Callers callers() {
    return callers;
  }

  /// `/.well-known/oauth-authorization-server`.
  public Metadata metadata() {
    return metadata;
  }

  public Clients clients() {
    return clients;
  }

  public Sessions sessions() {
    return sessions;
  }

  public Routes routes() {
    return policies.routes();
  }

  public Audiences audiences() {
    return policies.audiences();
  }

  /// How much proof the tokens of an audience need now.
  public TrustLevels trust() {
    return policies.trust();
  }

  /// What was accepted that the ledger would have refused.
  public Observations observed() {
    return policies.observed();
  }

  /// What verifiers are told each second. The same object as long as nothing changed.
  public LedgerState told() {
    return policies.trust().told(watermarks::state);
  }

  public TheftProofs proofs() {
    return proofs;
  }

  /// Judges whole tokens; for an operator's `token verify`, and the counts.
  public JudgeLane judge() {
    return lane;
  }

  public Ledger ledger() {
    return ledger;
  }

  /// The events of this schema.
  public EventTable events() {
    return events;
  }

  /// Whether this node may issue now.
  public boolean mayIssue() {
    return lease.isHeld() && !recall.isBehind();
  }

  /// Exchanges without a session since the start.
  public long exchangesWithoutSession() {
    return watch.count();
  }

  /// Everything here that needs a person.
  public List<Alarm> alarms() {
    var alarms = new ArrayList<Alarm>(proofs.alarms());
    alarms.addAll(lane.alarms());
    alarms.addAll(watch.alarms());
    alarms.addAll(housekeeping.alarms());
    for (var alarm : ledger.status().alarms()) {
      alarms.add(new Alarm(alarm.code(), alarm.since(), alarm.what(), alarm.doNext()));
    }
    alarms.addAll(RowAlarms.of(new RowAlarms.Rows(clients, routes(), audiences(), watermarks)));
    alarms.addAll(TrustAlarms.of(trust(), observed()));
    return alarms;
  }

  /// Stops: no token from now on, everything counted is written, the books are sealed, the lease
  /// ends.
  @Override
  public void close() {
    housekeeping.close();
    atTheStop("sessions", sessions::flush);
    atTheStop("proofs", proofs::flush);
    atTheStop("revocations", revoked::flush);
    atTheStop("observed", policies.observed()::flush);
    atTheStop("ledger", ledger::close);
    // The books are sealed now, and their files cut: that must be remembered.
    atTheStop("node memory", recall::keep);
    atTheStop("lease", lease::close);
  }

  /// One step that fails, as without a database, keeps no other from being done.
  private static void atTheStop(String name, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("step", name).setCause(e).log("A step of the stop failed");
    }
  }
}
