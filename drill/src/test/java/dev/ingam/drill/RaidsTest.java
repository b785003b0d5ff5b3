package dev.ingam.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingam.drill.attack.AttackConfig;
import dev.ingam.drill.attack.AttackMain;
import dev.ingam.drill.attack.KeyStoreFile;
import dev.ingam.drill.shop.ForcedShop;
import dev.ingam.drill.web.Es256Key;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.wire.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That the demo can fail: the attacker's process against the real shop and the real verifier, with
/// a ledger that says what the test wants.
class RaidsTest {
  private static final int MEMBERS = 60;
  private static final Clock CLOCK = Clock.systemUTC();

  private final SecureRandom random = new SecureRandom();
  private final Es256Key active = Es256Key.generate(random);
  private final Es256Key prepared = Es256Key.generate(random);
  private final Es256Key reserve = Es256Key.generate(random);
  private @TempDir Path folder;

  @Test
  void ledgerForcedToAccept_exposesEveryone() throws IOException {
    try (var shop = shop(null)) {
      var spoils = raid(shop);
      assertThat(spoils.exposed()).isEqualTo(new DemoResult.Exposed(MEMBERS, MEMBERS, 0, MEMBERS));
      assertThat(spoils.agree(books(shop), Map.of())).isTrue();
      assertThat(problems(spoils)).anyMatch(each -> each.contains("Ingam: expected 0, came 60"));
    }
  }

  @Test
  void exchangeForcedToGrant_exposesEveryoneToTheThief() throws IOException {
    try (var shop = shop(null).grantingEveryExchange()) {
      var spoils = raid(shop);
      assertThat(spoils.exposed().exchangeThief()).isEqualTo(MEMBERS);
      assertThat(spoils.thiefTokens()).isEqualTo(MEMBERS);
      assertThat(spoils.agree(books(shop), Map.of())).isTrue();
      assertThat(problems(spoils))
          .anyMatch(each -> each.contains("to the exchange thief: expected 0, came 60"))
          .anyMatch(each -> each.contains("for the exchange thief: expected 0, came 60"));
    }
  }

  @Test
  void ledgerThatNeverIssued_exposesNobody() throws IOException {
    try (var shop = shop(Reason.NOT_ISSUED)) {
      var spoils = raid(shop);
      assertThat(spoils.exposed()).isEqualTo(new DemoResult.Exposed(MEMBERS, 0, 0, 0));
      assertThat(spoils.agree(books(shop), Map.of())).isTrue();
      assertThat(spoils.agree(books(shop), Map.of("m-000001", 1L))).isFalse();
      assertThat(spoils.keysCopied()).isEqualTo(3);
      assertThat(spoils.thiefTokens()).isZero();
      assertThat(spoils.forgedRequests()).isEqualTo(2 * MEMBERS + 6 + MEMBERS + 2 * MEMBERS + 6);
      assertThat(spoils.exchange().refusals()).containsEntry("invalid_grant", (long) MEMBERS);
      assertThat(problems(spoils)).isEmpty();
    }
  }

  private ForcedShop shop(Reason answer) {
    return new ForcedShop(List.of(active, prepared, reserve), MEMBERS, answer, CLOCK);
  }

  private Raids.Spoils raid(ForcedShop shop) throws IOException {
    var config = folder.resolve("attack.json");
    Files.write(config, config(shop).stored().bytes());
    var command = new Jvm(System.getProperties()).drill(AttackMain.class, config);
    try (var attacker = Child.start("attacker", command, folder.resolve("attacker.log"))) {
      assertThat(attacker.answer(Duration.ofMinutes(1)).number("keys_copied")).isEqualTo(2);
      var raids = new Raids(attacker, progress -> {});
      var spoils = raids.run(() -> {});
      assertThat(raids.sentUntil(CLOCK.instant())).isEqualTo(5 * MEMBERS + 2 * 6);
      assertThat(raids.souvenir().split("\\.")).hasSize(3);
      return spoils;
    }
  }

  private AttackConfig config(ForcedShop shop) {
    var signing = KeyStoreFile.make(folder.resolve("data"), "domain-1", List.of(active, prepared));
    var spare = KeyStoreFile.make(folder.resolve("data"), "domain-2", List.of(reserve));
    return new AttackConfig(
        new AttackConfig.Targets(
            shop.login(), shop.behindIngam(), shop.behindSignatureOnly(), MEMBERS, MEMBERS / 10),
        new AttackConfig.Customer("m-000000", "password"),
        signing.stolen(),
        spare.stolen(),
        new AttackConfig.Login(
            shop.ingam(),
            shop.ingam(),
            "https://issuer.example",
            shop.upstream(),
            shop.exchange()));
  }

  private static Json books(ForcedShop shop) {
    return new HttpCaller().get(shop.books(), Map.of()).expect("the books");
  }

  private static List<String> problems(Raids.Spoils spoils) {
    return new DemoResult(
            MEMBERS,
            spoils.exposed(),
            new DemoResult.Honest(1, 1, Map.of(), 1),
            new DemoResult.Forged(
                3,
                1,
                1,
                new DemoResult.Forged.ForNobody(1, 1),
                new DemoResult.Forged.Thief(1, spoils.thiefTokens())),
            new DemoResult.Theft(true, 1, 1, 0, 1),
            true)
        .problems();
  }
}
