package dev.ingam.server;

import dev.ingam.issuance.Caller;
import dev.ingam.issuance.Internal;
import dev.ingam.issuance.Issuance;
import dev.ingam.issuance.LedgerQueries;
import dev.ingam.issuance.LoginEvents;
import dev.ingam.issuance.Metadata;
import dev.ingam.keys.BirthCertificates;
import dev.ingam.keys.Keyring;
import dev.ingam.server.door.Body;
import dev.ingam.server.door.Call;
import dev.ingam.server.door.CallerDoor;
import dev.ingam.server.door.CertifiedDoor;
import dev.ingam.server.door.Door;
import dev.ingam.server.door.DoorRow;
import dev.ingam.server.door.DoorTable;
import dev.ingam.server.door.ListenerName;
import dev.ingam.server.door.Reply;
import dev.ingam.server.gate.GateDoor;
import dev.ingam.server.ledger.InProcessLedger;
import dev.ingam.server.ledger.InProcessState;
import dev.ingam.server.ledger.LedgerDoor;
import dev.ingam.server.ledger.LedgerStateDoor;
import dev.ingam.server.login.LoginDoor;
import dev.ingam.server.start.CryptoProvider;
import dev.ingam.server.start.ListenerRules;
import dev.ingam.server.start.Settings;
import dev.ingam.server.token.BirthsDoor;
import dev.ingam.server.token.IntrospectionDoor;
import dev.ingam.server.token.KeySetDoor;
import dev.ingam.server.token.RevocationDoor;
import dev.ingam.server.token.TokenDoor;
import dev.ingam.server.watch.Health;
import dev.ingam.verifier.Verifier;
import dev.ingam.wire.SignatureCheck;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The table of doors: what stands where, and nothing else is served on the public and the internal
/// listener.
@Configuration(proxyBeanMethods = false)
class DoorsWiring {
  private static final Set<ListenerName> PUBLIC = Set.of(ListenerName.PUBLIC);
  private static final Set<ListenerName> INTERNAL = Set.of(ListenerName.INTERNAL);
  private static final Set<ListenerName> BOTH = Set.of(ListenerName.PUBLIC, ListenerName.INTERNAL);

  @Bean
  DoorTable doorTable(
      Issuance issuance,
      Keyring keyring,
      BirthCertificates births,
      IntrospectionDoor introspection,
      GateDoor gate,
      Settings settings) {
    return new DoorTable(
        Stream.of(
                tokenDoors(issuance, keyring, new BirthsDoor(births)),
                oneTokenDoors(issuance, introspection),
                callerDoors(issuance, keyring),
                healthDoors(issuance, keyring),
                gateDoors(gate, issuance, settings))
            .flatMap(List::stream)
            .toList());
  }

  private static List<DoorRow> tokenDoors(Issuance issuance, Keyring keyring, BirthsDoor births) {
    var metadata = Reply.json(200, issuance.metadata().json());
    var keys = KeySetDoor.ofPublic(keyring);
    var tokens = new TokenDoor(issuance.tokens(), issuance.dpop());
    return List.of(
        DoorRow.post(PUBLIC, Metadata.TOKEN_PATH, Body.FORM, tokens),
        DoorRow.post(INTERNAL, Metadata.TOKEN_PATH, Body.FORM, tokens).waiting(), // token exchange
        DoorRow.get(PUBLIC, Metadata.JWKS_PATH, keys::answer),
        DoorRow.get(PUBLIC, BirthsDoor.PATH, births::answer),
        DoorRow.get(PUBLIC, "/.well-known/oauth-authorization-server", call -> metadata));
  }

  private static List<DoorRow> healthDoors(Issuance issuance, Keyring keyring) {
    var health = new Health(issuance::mayIssue, keyring::isFresh);
    return List.of(
        DoorRow.get(BOTH, Health.LIVE_PATH, health::live),
        DoorRow.get(PUBLIC, Health.READY_PATH, health::readyToIssue),
        DoorRow.get(INTERNAL, Health.READY_PATH, health::readyToVerify));
  }

  private static List<DoorRow> oneTokenDoors(Issuance issuance, IntrospectionDoor introspection) {
    var revocation = new RevocationDoor(issuance.revocation());
    return List.of(
        DoorRow.post(PUBLIC, Metadata.INTROSPECTION_PATH, Body.FORM, introspection),
        DoorRow.post(PUBLIC, Metadata.REVOCATION_PATH, Body.FORM, revocation).waiting());
  }

  private static List<DoorRow> callerDoors(Issuance issuance, Keyring keyring) {
    LedgerQueries queries = issuance.ledgerQueries();
    LoginEvents logins = issuance.logins();
    var keys = KeySetDoor.ofAuthenticated(keyring);
    return List.of(
        ledger(issuance, "/ledger/lookup", queries::lookup),
        ledger(issuance, "/ledger/redeem", queries::redeem),
        ledger(issuance, "/ledger/report", queries::report),
        DoorRow.get(
            INTERNAL,
            "/ledger/state",
            asked(issuance, Internal.LEDGER_SCOPE, new LedgerStateDoor(issuance::told))),
        login(issuance, "/events/login", logins::login),
        login(issuance, "/events/logout", logins::logout),
        DoorRow.get(
            INTERNAL,
            "/keys",
            asked(issuance, Internal.LEDGER_SCOPE, (caller, call) -> keys.answer(call))));
  }

  private static DoorRow ledger(Issuance issuance, String path, LedgerDoor.Question question) {
    var door = asked(issuance, Internal.LEDGER_SCOPE, new LedgerDoor(question));
    return DoorRow.post(INTERNAL, path, Body.LARGE_JSON, door);
  }

  private static DoorRow login(
      Issuance issuance, String path, BiFunction<Caller, byte[], LoginEvents.Answer> event) {
    var door = asked(issuance, Internal.LOGIN_EVENTS_SCOPE, new LoginDoor(event));
    return DoorRow.post(INTERNAL, path, Body.SMALL_JSON, door).waiting();
  }

  private static Door asked(
      Issuance issuance, String scope, BiFunction<Caller, Call, Reply> inside) {
    return new CallerDoor(issuance.callers(), scope, inside);
  }

  private static List<DoorRow> gateDoors(GateDoor gate, Issuance issuance, Settings settings) {
    var door =
        gateWantsCertificate(settings)
            ? new CertifiedDoor(issuance.callers()::checkGate, gate)
            : gate;
    return List.of(
        new DoorRow(INTERNAL, GateDoor.PATH, Set.of(), Body.IGNORED, false, door),
        new DoorRow(INTERNAL, GateDoor.PATH + "/", Set.of(), Body.IGNORED, false, door));
  }

  /// On loopback whoever is on this host may ask, unless the operator says otherwise; elsewhere
  /// only a proxy that shows a certificate.
  static boolean gateWantsCertificate(Settings settings) {
    return settings.gate().certificateOnLoopback()
        || !ListenerRules.isLoopback(settings.internalListener().address());
  }

  @Bean
  GateDoor gateDoor(
      Issuance issuance, Verifiers verifiers, Issuer issuer, Keyring keyring, Settings settings) {
    return new GateDoor(
        issuance.routes()::match,
        verifiers.of("gate"),
        new GateDoor.Trust(
            issuer.name(),
            keyring::isFresh,
            issuance.dpop(),
            settings.gate().origins(),
            settings.gate().clientCertHeader()));
  }

  @Bean
  IntrospectionDoor introspectionDoor(
      Issuance issuance, Verifiers verifiers, Issuer issuer, Keyring keyring) {
    return new IntrospectionDoor(
        issuance.forms(),
        verifiers.of("introspection"),
        issuer.name(),
        new IntrospectionDoor.PersonalData(
            issuance.routes()::servesPersonalData, keyring::isFresh));
  }

  /// Verifiers over the ledger of this process. What it does not know waits for few places.
  record Verifiers(
      Issuance issuance, Keyring keyring, CryptoProvider crypto, Settings settings, Issuer issuer) {
    /// @param door under whose name forgeries are recorded
    Verifier of(String door) {
      var ledger = new InProcessLedger(issuance.ledgerQueries().inProcess(door));
      return Verifier.builder(keyring::find, ledger, issuer.clock())
          .signatureCheck(new SignatureCheck(crypto.provider()))
          .ledgerState(new InProcessState(issuance.watermarks()::state, issuance.trust()::of))
          .dpop(issuance.dpop())
          .lookupFirst(settings.gate().unknownTokensAtOnce())
          .build();
    }
  }

  @Bean
  Verifiers verifiers(
      Issuance issuance, Keyring keyring, CryptoProvider crypto, Settings settings, Issuer issuer) {
    return new Verifiers(issuance, keyring, crypto, settings, issuer);
  }
}
