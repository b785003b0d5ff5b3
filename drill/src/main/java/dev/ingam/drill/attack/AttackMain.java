package dev.ingam.drill.attack;

import dev.ingam.drill.web.DrillException;
import dev.ingam.drill.web.HttpCaller;
import dev.ingam.drill.web.Json;
import dev.ingam.drill.web.Lifeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;

/// The process of the attacker: `AttackMain CONFIG`. Takes commands on its standard input, one a
/// line, and answers each with one line of JSON: `signature-only`, `ingam`, `exchange`, `reserve`
/// (a raid; its loot), `sent-until INSTANT` (how many forged requests had been sent to Ingam's
/// gate), `souvenir` (a forged token). Ends when its standard input does.
public final class AttackMain {
  private AttackMain() {}

  public static void main(String[] arguments) {
    try (var attack = attack(Path.of(arguments[0]))) {
      System.out.println(Json.empty().with("keys_copied", attack.keysCopied()));
      var lifeline = new Lifeline(System.in);
      for (var command = lifeline.next(); command != null; command = lifeline.next()) {
        System.out.println(answer(attack, command));
      }
    } catch (IOException | DrillException e) {
      System.err.println("The attacker gave up: " + e.getMessage());
      System.exit(1);
    }
  }

  private static Attack attack(Path file) throws IOException {
    var config = AttackConfig.of(Json.read(Files.readAllBytes(file), file.toString()));
    return new Attack(config, new HttpCaller(), Clock.systemUTC(), new SecureRandom());
  }

  private static Json answer(Attack attack, String command) {
    var words = command.split(" ", 2);
    return switch (words[0]) {
      case "signature-only" -> attack.signatureOnly().toJson();
      case "ingam" -> forged(attack, attack.ingam());
      case "exchange" -> attack.exchange().toJson();
      case "reserve" -> forged(attack, attack.reserve());
      case "sent-until" -> Json.empty().with("count", attack.sentUntil(Instant.parse(words[1])));
      case "souvenir" -> Json.empty().with("token", attack.souvenir());
      default -> throw new DrillException("unknown command: " + command);
    };
  }

  private static Json forged(Attack attack, Loot loot) {
    return loot.toJson()
        .with("keys", attack.keysCopied())
        .with("for_nobody", attack.forNobody())
        .with("first_sent", attack.firstSent().toString());
  }
}
